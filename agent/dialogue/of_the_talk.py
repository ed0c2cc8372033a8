"""The step that a question of the talk itself comes to: it leaves the conversation as it is. Pure."""

from agent.dialogue.steps import InSight, OfTheTalk, WhoDecides, WhyFailed
from plugins.domain.understanding import Understanding


def step_of_the_talk(
    understood: Understanding, spoken_of: tuple[str, ...]
) -> InSight | OfTheTalk | WhoDecides | WhyFailed | None:
    """The step; None where the message is no such question. `spoken_of` are workspaces, the latest first."""
    if understood.act not in ("explain", "status", "compare") or not understood.topic:
        return None
    named = next((request.workspace_name for request in understood.requests if request.workspace_name), None)
    match understood.topic:
        case ("failure",):
            return WhyFailed(named or next(iter(spoken_of), None))
        case ("approvers",):
            return WhoDecides()
        case ("term", word):
            return OfTheTalk("term", word)
        case ("open" | "yes" | "real" | "duration" | "sources" | "details" | "policy" | "places" as about,):
            return OfTheTalk(about, workspace=named)
        case ("visible" | "different" | "contents" | "address" | "end" | "failures" | "bigger" as about,):
            return InSight(about, named)
        case _:
            return None
