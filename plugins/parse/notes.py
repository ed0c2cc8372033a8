"""What has been read of one workspace: a value a field, doubts, assumptions, and the words of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from plugins.domain.request import Assumption
from plugins.domain.understanding import Doubt, DoubtKind
from plugins.parse.fields.kind import team_workload
from plugins.parse.sentences import SAYS

_GPU_FAMILIES = ("NC", "ND", "NV")
"""Azure's families of virtual machines with GPUs: learn.microsoft.com/azure/virtual-machines/sizes, read 2026-11-20."""


@dataclass
class RequestNotes:
    """What has been read of one workspace. `sources` tells for each field the words that it was read from."""

    fields: dict[str, object] = field(default_factory=dict[str, object])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])
    extras: list[str] = field(default_factory=list[str])
    sources: dict[str, str] = field(default_factory=dict[str, str])

    def say(self, name: str, value: object, source: str = "") -> None:
        self.fields[name] = value
        if source:
            self.sources[name] = source

    def assume(self, name: str, value: JsonValue, because: str, source: str = "") -> None:
        """An inferred value, unless the person stated one."""
        if not self.knows(name):
            self.say(name, value, source)
            self.assumptions.append(Assumption(field=name, value=value, because=because))

    def doubt(self, slot: str, kind: DoubtKind, said: str, candidates: Iterable[str] = ()) -> None:
        self.fields.pop(slot, None)
        self.doubts.append(Doubt(slot=slot, kind=kind, said=" ".join(said.split()), candidates=tuple(candidates)))

    def leave_out(self, name: str) -> None:
        """As if nothing had been said of it."""
        self.fields.pop(name, None)
        self.sources.pop(name, None)
        self.doubts = [doubt for doubt in self.doubts if doubt.slot != name]
        self.assumptions = [assumption for assumption in self.assumptions if assumption.field != name]

    def knows(self, name: str) -> bool:
        return name in self.fields or any(doubt.slot == name for doubt in self.doubts)


def infer(notes: RequestNotes) -> None:
    """A GPU's size means GPUs; a team that is named for its work does that work, as far as nobody says otherwise."""
    size = str(notes.fields.get("node_type", "")).removeprefix("Standard_")
    if size.startswith(_GPU_FAMILIES) and not notes.knows("enable_gpu"):
        notes.say("enable_gpu", value=True, source=notes.sources.get("node_type", ""))
    team = str(notes.fields.get("team", ""))
    # "For Claims Analytics" says whom and what for at once; "for the Claims Analytics team" only says whom.
    is_for_work = any(assumption.field == "team" for assumption in notes.assumptions)
    if kind := team_workload(team) or (team_workload(team.rpartition("-")[2]) if is_for_work else None):
        notes.assume(
            "workload_type",
            kind,
            SAYS("because.team_name", team=team),
            notes.sources.get("team", ""),
        )


def merged(ground: RequestNotes, own: RequestNotes, settled: dict[str, object]) -> RequestNotes:
    """What is said of all, overridden by what is said of the one; `settled` is what tells the one apart."""
    known = set(own.fields) | {doubt.slot for doubt in own.doubts} | set(settled)
    both = RequestNotes(
        fields={**{k: v for k, v in ground.fields.items() if k not in known}, **own.fields, **settled},
        doubts=[d for d in ground.doubts if d.slot not in known] + [d for d in own.doubts if d.slot not in settled],
        extras=[*ground.extras, *(extra for extra in own.extras if extra not in ground.extras)],
        sources={**ground.sources, **own.sources},
    )
    both.assumptions = [
        a
        for a in (*ground.assumptions, *own.assumptions)
        if a.field not in settled and both.fields.get(a.field) == a.value
    ]
    return both
