"""What is open for somebody: plans of theirs that wait, questions that they were asked, runs, and what they missed."""

from dataclasses import dataclass, replace
from datetime import datetime

from agent.approvals import ApprovalRules, Consents
from agent.dialogue.state import Conversation
from agent.events import Message
from agent.store.news import News
from agent.store.records import Records
from agent.views.news import news_of, news_words
from agent.views.plan import awaited
from agent.views.visibility import Viewer
from agent.wording import Wording, estimated, phrase, said, several, state, summary
from plugins.domain.deployment import Deployment, DeploymentStatus
from plugins.domain.plan import Plan

_MOVING: frozenset[DeploymentStatus] = frozenset({"planning", "queued", "applying", "rolling_back", "destroying"})
_LOOKED_AT = 10
"""Conversations among which an open question is looked for, the latest first: what is older was given up."""

_TOLD = 3
"""Of each kind so many are told; the rest is counted or left to a list."""

_LONGEST_NEWS = 200


@dataclass(frozen=True)
class OpenMatters:
    """`questions` are other conversations in which something was asked last, the latest first; `to_decide` counts the
    plans of others that wait for this person. `news` are sentences, oldest first; `elsewhere` is what became
    of what they asked for on their other channels. `keeps_back` where there is more that is not told here.
    """

    plans: tuple[tuple[Plan, Consents], ...]
    questions: tuple[Conversation, ...]
    running: tuple[Deployment, ...]
    to_decide: int
    news: tuple[str, ...]
    elsewhere: tuple[News, ...] = ()
    keeps_back: bool = False

    @property
    def is_empty(self) -> bool:
        told = self.plans or self.questions or self.running or self.to_decide or self.news or self.elsewhere
        return not (told or self.keeps_back)


def open_matters(records: Records, viewer: Viewer) -> OpenMatters:
    """Everything that is open for this person, seen from the viewer's conversation."""
    key = viewer.person.key
    waiting = viewer.waiting(records)
    others = [plan for plan, consents in waiting if plan.requested_by.key != key and viewer.may_decide(plan, consents)]
    running = [d for d in viewer.deployments(records) if d.requested_by.key == key and d.status in _MOVING]
    return OpenMatters(
        plans=tuple((plan, consents) for plan, consents in waiting if plan.requested_by.key == key),
        questions=_questions(records, viewer),
        running=tuple(running),
        to_decide=len(others),
        news=_news(records, key),
        elsewhere=news_of(records, viewer.person, viewer.rules),
    )


def open_to_tell(records: Records, viewer: Viewer) -> OpenMatters:
    """Of that what may be told in the viewer's conversation: all of it in one of their own, and where others read along
    what was asked for there, whose readers know of it.
    """
    matters, here = open_matters(records, viewer), viewer.conversation
    chat = records.chat(here)
    if chat is None or chat.is_personal:
        return matters
    told = OpenMatters(
        plans=tuple(pair for pair in matters.plans if pair[0].conversation == here),
        questions=(),
        running=tuple(each for each in matters.running if each.conversation == here),
        to_decide=matters.to_decide,
        news=(),
    )
    return replace(told, keeps_back=told != matters)


def told_open(records: Records, viewer: Viewer, wording: Wording, *, here: str, logged: datetime | None = None) -> str:
    """What is open for this person, in words, as said to them in that conversation: what became of things on their
    other channels is told once. `logged` is when (UTC) the conversation begins with it; None where the caller says it.
    """
    matters = open_to_tell(records, viewer)
    for news in matters.elsewhere:
        records.told_news(news.number, viewer.person.key)
    text = open_words(matters, wording, viewer.rules, here=here)
    if text and logged is not None:
        # In the transaction that notes it as told: whoever dies between the two has told neither or both.
        message = Message(conversation=here, turn=0, text=text)
        records.log(here, [message], source="turn", now=logged)
    return text


def open_words(matters: OpenMatters, wording: Wording, rules: ApprovalRules, *, here: str) -> str:
    """What is open, a line each; "" for nothing. Of a plan in that conversation it is said how to decide it there."""
    if matters.is_empty:
        return ""
    return wording.say(
        "open_matters",
        plans=[_plan_words(plan, consents, rules, here=here) for plan, consents in matters.plans[:_TOLD]],
        more_plans=len(matters.plans) - _TOLD,
        questions=[
            {
                "of": summary(conversation.drafts[0].request),
                "asked": " ".join(wording.question(slot).text for slot in conversation.asked),
            }
            for conversation in matters.questions[:1]
        ],
        running=[{"name": d.workspace_name, "state": state(d.status)} for d in matters.running[:_TOLD]],
        to_decide=matters.to_decide,
        news=(*matters.news, *map(news_words, matters.elsewhere)),
        keeps_back=matters.keeps_back,
    )


def _plan_words(plan: Plan, consents: Consents, rules: ApprovalRules, *, here: str) -> dict[str, object]:
    return {
        "action": plan.action,
        "names": several([item.decision.workspace_name for item in plan.items]),
        "month": estimated(plan.cost),
        "plan_id": plan.plan_id,
        "since": f"{plan.created_at:%Y-%m-%d %H:%M} UTC",
        "until": f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        "by": awaited(plan, rules, consents),
        "is_here": plan.conversation == here,
    }


def _questions(records: Records, viewer: Viewer) -> tuple[Conversation, ...]:
    summaries = records.conversations_of(viewer.person.key, most=_LOOKED_AT)
    kept = [records.conversation(each.id) for each in summaries if each.id != viewer.conversation]
    return tuple(talk for talk in kept if talk.asked and talk.drafts and talk.pending is None)


def _news(records: Records, person: str) -> tuple[str, ...]:
    """What became of this person's plans and runs since they were last answered."""
    told: list[str] = []
    for event in records.news_of(person):
        status = str(event.get("status"))
        if event["type"] == "approval" and status != "superseded":
            names = several(records.called(str(event["plan_id"]))[1])
            by = phrase("views.news.by", name=event["by"]) if event.get("by") else ""
            told.append(phrase(f"views.news.{status}", names=names, by=by, reason=event.get("reason") or ""))
        elif event["type"] == "result":
            deployment = records.deployment(str(event["deployment_id"]))
            name = deployment.workspace_name if deployment is not None else str(event["deployment_id"])
            told.append(phrase(f"views.news.{status}", names=name, by="", reason=""))
        elif event["type"] == "message":
            told.append(said(event["text"], most=_LONGEST_NEWS))
    return tuple(dict.fromkeys(" ".join(sentence.split()) for sentence in told))
