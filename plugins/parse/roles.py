"""One value a field, or the doubt that the mentions of it leave.

All mentions of a field are weighed together: what is denied, of another time or of others goes; what is said later
as a correction stays; what is left either agrees, is an open choice, or contradicts itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import JsonValue

from plugins.domain.request import Assumption
from plugins.domain.understanding import Doubt, DoubtKind
from plugins.parse.fields.kind import team_workload
from plugins.parse.page import Mention, Page

_YIELDS = {
    frozenset({"streaming", "data_engineering"}): "streaming",
    frozenset({"machine_learning", "data_science"}): "machine_learning",
}
"""Pairs that people say for one thing: streaming pipelines stream, training in notebooks trains."""

_FLAGS = ("enable_gpu", "spot", "photon")
_MARGIN = 1.4
"""Weight by which one value of an environment, a workload or a team must be plainer than another to stand alone."""

_NUMBERS = frozenset({"cost_limit", "hours_per_week", "expires_in_days"})
_NAMED = frozenset({"team", "environment", "region", "workload_type", "node_type", "workspace_name"})
_MARGINS = {"environment": 3.6, "region": 0.9}
"""Two environments are a contradiction even where one is said more plainly: nothing is built on a guess there."""

_NO_LIMIT = re.compile(
    r"\b(?:no|without (?:a |any )?|there is no|there's no) (?:cost |budget |spending |monthly )?(?:cap|limit|budget|ceiling)\b",
    re.IGNORECASE,
)
_NO_END = re.compile(
    r"\bno (?:expiry|end date|expiration|end)\b|\b(?:keep|make) it (?:forever|permanent\w*|for good|indefinitely)\b|\bpermanently?\b(?! on)",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"\b(?:(?:don't|can't|cannot|didn't|do not|couldn't) (?:yet )?(?:agree|decide)|disagree\w*|undecided|still (?:discussing|arguing|fighting|debating)|not (?:yet )?decided|haven't decided|nobody knows)\b",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|used to be|had been)\s$", re.IGNORECASE)
_GPU_FAMILIES = ("NC", "ND", "NV")


@dataclass
class Notes:
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

    def knows(self, name: str) -> bool:
        return name in self.fields or any(doubt.slot == name for doubt in self.doubts)


def notes_of(page: Page, mentions: Sequence[Mention]) -> Notes:
    """What these mentions come to. `page.mentions` may hold more: those of other workspaces."""
    notes = Notes()
    by_field: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (-page.depth(m.start), m.start)):
        by_field.setdefault(mention.field, []).append(mention)
    for name in ("team", "environment", "region", "node_type", "workspace_name"):
        _choice(page, notes, name, by_field.get(name, []))
    _workload(page, notes, by_field.get("workload_type", []))
    for name in _FLAGS:
        _flag(page, notes, name, by_field.get(name, []))
    _network(page, notes, by_field.get("network", []))
    _workers(page, notes, by_field.get("workers", []))
    _limit(page, notes, by_field.get("cost_limit", []))
    for name in ("hours_per_week", "expires_in_days"):
        _number(page, notes, name, by_field.get(name, []))
    for name in ("owner", "cost_center"):
        _last_said(page, notes, name, by_field.get(name, []))
    for mention in by_field.get("tags", []):
        tags = {**notes.fields.get("tags", {}), **mention.value}  # type: ignore[dict-item]
        notes.say("tags", tags, page.quote(mention.start, mention.end))
    return notes


def _kept(page: Page, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that are wanted: not denied, not of another time where another one is not, not taken back."""
    clauses = page.clauses
    mentions = _latest(page, mentions)
    mentions = [m for m in mentions if m.field not in _NAMED or not clauses.is_denied_after(m.end)]
    wanted = [
        m
        for m in mentions
        if not (clauses.is_denied_itself(m.start) if m.field in _NUMBERS else clauses.is_denied(m.start))
    ]
    here = [
        m
        for m in wanted
        if not clauses.is_elsewhere(m.start) and not _WAS.search(page.layout.text, max(0, m.start - 14), m.start)
    ]
    kept = here or [m for m in wanted if m.weight >= 5 or m.field == "team"]  # noqa: PLR2004 - what stands under a key is meant
    keyed = [m for m in kept if m.weight >= 5 and m.key_start is not None]  # noqa: PLR2004
    answered = [m for m in kept if not _in_question(page, m)]
    kept = answered if answered and len(answered) < len(kept) and page.layout.text.count("?") else kept
    for at in range(len(kept) - 1, 0, -1):
        if _UNDECIDED.search(page.layout.text):
            break
        if (
            kept[at].value != kept[at - 1].value
            and clauses.are_corrected(kept[at - 1].end, kept[at].start)
            and not clauses.are_alternatives(kept[at - 1].end, kept[at].start)
        ):
            kept = kept[at:]
            break
    return kept or keyed


def _in_question(page: Page, mention: Mention) -> bool:
    """True in a sentence that leaves a choice open and ends in a question mark: "dev or prod?"."""
    start, end = page.clauses.sentence(mention.start)
    text = page.layout.text[start:end]
    return text.rstrip().endswith("?") and len(text) < 60 and " or " in text  # noqa: PLR2004 - a bare question


def _latest(page: Page, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of the latest message that speaks of the field; older ones are overridden."""
    depths = [page.depth(m.start) for m in mentions if m.value is not None or m.candidates]
    newest = min(depths, default=0)
    return [m for m in mentions if page.depth(m.start) <= newest]


def _choice(page: Page, notes: Notes, name: str, mentions: Sequence[Mention]) -> None:
    kept = _kept(page, mentions)
    if not kept:
        return
    heaviest = max(m.weight for m in kept)
    margin = _MARGINS.get(name, _MARGIN)
    if name == "environment" and heaviest >= 2:  # noqa: PLR2004 - "to production" speaks of it only where nothing else does
        kept = [m for m in kept if m.weight >= 2]  # noqa: PLR2004
    keyed = [m for m in kept if m.weight == 5 and m.key_start is not None]  # noqa: PLR2004
    plain = keyed or [m for m in kept if m.weight > heaviest - margin]
    known = [m for m in plain if m.value is not None]
    values = list(dict.fromkeys(str(m.value) for m in known))
    if name == "region" and known and len(values) == 1:
        plain = known
    if len(values) == 1 and all(m.value is not None for m in plain):
        chosen = max(known, key=lambda m: m.weight)
        _say(page, notes, name, chosen)
        return
    if not values:
        vague = plain[-1]
        kind: DoubtKind = "invalid" if name == "workspace_name" else "ambiguous" if vague.candidates else "unknown"
        if vague.kind in ("not_offered", "other_cloud"):
            kind = "not_offered" if vague.kind == "not_offered" else "other_cloud"
        notes.doubt(name, "several" if name == "team" else kind, page.quote(vague.start, vague.end), vague.candidates)
        return
    if name == "team":
        _several_teams(page, notes, plain, values)
        return
    if name == "environment" and any(m.value is None for m in plain):
        said = next(m for m in plain if m.value is not None)
        _say(page, notes, name, said)
        return
    said_from, said_to = plain[0].start, plain[-1].end
    either = any(page.clauses.are_alternatives(a.end, b.start) for a, b in zip(plain, plain[1:], strict=False))
    candidates = values or [c for m in plain for c in m.candidates]
    notes.doubt(name, "several" if either else "contradiction", page.quote(said_from, said_to)[:80], candidates)


def _several_teams(page: Page, notes: Notes, plain: Sequence[Mention], values: Sequence[str]) -> None:
    """Names beside each other: an open choice where an "or" joins them; else the one most plainly marked."""
    first, second = plain[0], next((m for m in plain if m.value != plain[0].value), plain[-1])
    near = page.layout.text[first.end : second.start]
    if (
        page.clauses.are_alternatives(first.end, second.start)
        and len(near) < 30
        and any(w in near.lower() for w in (" or", "/", "maybe", "oder"))
    ):  # noqa: PLR2004 - side by side
        notes.doubt("team", "several", page.quote(first.start, second.end), values[:2])
        return
    _say(page, notes, "team", max(plain, key=lambda m: m.weight))


def _say(page: Page, notes: Notes, name: str, mention: Mention) -> None:
    source = page.quote(mention.start, mention.end)
    if mention.because:
        notes.assume(name, mention.value, mention.because, source)
    else:
        notes.say(name, mention.value, source)


def _workload(page: Page, notes: Notes, mentions: Sequence[Mention]) -> None:
    kept = _kept(page, mentions)
    if not kept:
        return
    heaviest = max(m.weight for m in kept)
    strong = [m for m in kept if m.weight >= 1.6]  # noqa: PLR2004 - weak words speak only where no strong one does
    plain = [m for m in (strong or kept) if m.weight > heaviest - _MARGIN]
    values = list(dict.fromkeys(str(m.value) for m in plain))
    if len(values) > 1 and not strong and not _open_choice(page, plain):
        weights = {value: sum(m.weight for m in plain if m.value == value) for value in values}
        values = [max(values, key=lambda value: weights[value])]
    either = _open_choice(page, plain)
    if len(values) == 1 or (not either and frozenset(values) in _YIELDS):
        value = values[0] if len(values) == 1 else _YIELDS[frozenset(values)]
        chosen = next(m for m in plain if m.value == value)
        notes.say("workload_type", value, page.quote(chosen.start, chosen.end))
        return
    first = _main_one(page, plain)
    if first is not None and not either:
        notes.say("workload_type", first.value, page.quote(first.start, first.end))
        return
    notes.doubt("workload_type", "several", " / ".join(value.replace("_", " ") for value in values), values)


def _open_choice(page: Page, plain: Sequence[Mention]) -> bool:
    return any(
        a.value != b.value and page.clauses.are_alternatives(a.end, b.start) and b.start - a.end < 40  # noqa: PLR2004 - side by side
        for a, b in zip(plain, plain[1:], strict=False)
    )


def _main_one(page: Page, plain: Sequence[Mention]) -> Mention | None:
    """The first of several in different sentences: what follows in another one explains it."""
    first, second = plain[0], next((m for m in plain if m.value != plain[0].value), plain[0])
    between = page.layout.text[first.end : second.start].lower()
    helps = any(
        word in between
        for word in (
            " for ",
            " feed",
            " behind",
            " that ",
            " which ",
            " so ",
            " into ",
            " to ",
            " on ",
            " with ",
            " from ",
            " using ",
            " using",
        )
    )
    return first if helps and " and " not in between[-5:] and " plus " not in between else None


def _flag(page: Page, notes: Notes, name: str, mentions: Sequence[Mention]) -> None:
    clauses = page.clauses
    fresh = _latest(page, mentions)
    kept = [m for m in fresh if not clauses.is_elsewhere(m.start) or m.weight >= 5]  # noqa: PLR2004
    if not kept:
        return
    for at in range(len(kept) - 1, 0, -1):
        if kept[at].value != kept[at - 1].value and clauses.are_corrected(kept[at - 1].end, kept[at].start):
            kept = kept[at:]
            break
    if len({bool(m.value) for m in kept}) > 1 and clauses.are_corrected(kept[0].end, kept[-1].start):
        kept = kept[-1:]
    if len({bool(m.value) for m in kept}) > 1 and not kept[-1].value:
        kept = [m for m in kept if not m.value or not _is_reported(page, m)] or kept
    values = list(dict.fromkeys(bool(m.value) for m in kept))
    models = [m for m in kept if m.because == "model"]
    if len(values) > 1:
        notes.doubt(
            name, "contradiction", ", ".join(page.quote(m.start, m.end) for m in (kept[0], kept[-1])), ("true", "false")
        )
        return
    notes.say(name, values[0], page.quote(kept[0].start, kept[0].end))
    if values[0]:
        notes.extras.extend(page.quote(m.start, m.end).upper() for m in models)


_REPORTING = re.compile(
    r"\b(?:asked|wanted|suggested|thought|proposed|keeps? asking|was asking|would love|dreams? of|read|mentioned)\b",
    re.IGNORECASE,
)


def _is_reported(page: Page, mention: Mention) -> bool:
    """True where somebody else's wish is told, which a plain "no" behind it refuses."""
    start, _ = page.clauses.sentence(mention.start)
    return _REPORTING.search(page.layout.text, start, mention.start) is not None


def _network(page: Page, notes: Notes, mentions: Sequence[Mention]) -> None:
    """The way in; a private link with public access kept is a doubt."""
    kept = _kept_network(page, mentions)
    said = list(dict.fromkeys(str(m.value) for m in kept))
    if "private_link" in said and "public" in said:
        notes.doubt(
            "network",
            "contradiction",
            ", ".join(page.quote(m.start, m.end) for m in (kept[0], kept[-1])),
            ("private_link", "public"),
        )
    elif said:
        value = "private_link" if "private_link" in said else said[0]
        chosen = next(m for m in kept if m.value == value)
        notes.say("network", value, page.quote(chosen.start, chosen.end))


def _kept_network(page: Page, mentions: Sequence[Mention]) -> list[Mention]:
    clauses = page.clauses
    fresh = _latest(page, mentions)
    kept = [m for m in fresh if not clauses.is_elsewhere(m.start)]
    for at in range(len(kept) - 1, 0, -1):
        if kept[at].value != kept[at - 1].value and clauses.are_corrected(kept[at - 1].end, kept[at].start):
            return kept[at:]
    return kept


def _workers(page: Page, notes: Notes, mentions: Sequence[Mention]) -> None:
    kept = [m for m in mentions if not page.clauses.is_elsewhere(m.start) or m.weight >= 5]  # noqa: PLR2004
    kept = [
        m
        for m in kept
        if not any(page.depth(o.start) < page.depth(m.start) and _sides(o) & _sides(m) == _sides(m) for o in kept)
    ]
    kept.sort(key=lambda m: (-page.depth(m.start), m.start))
    for at in range(len(kept) - 1, 0, -1):
        if page.clauses.are_corrected(kept[at - 1].end, kept[at].start) and _sides(kept[at]) & _sides(kept[at - 1]):
            kept = [m for m in kept[:at] if not (_sides(m) & _sides(kept[at]))] + kept[at:]
            break
    if not kept:
        return
    low = high = None
    exact: list[Mention] = []
    for mention in kept:
        first, second = mention.value  # type: ignore[misc]
        if first is not None and first == second and mention.weight < 3:  # noqa: PLR2004 - a plain count yields to limits
            exact.append(mention)
            continue
        low = first if first is not None else low
        high = second if second is not None else high
    if low is None and high is None and exact:
        low, high = exact[-1].value if len(exact) == 1 else exact[0].value  # type: ignore[misc]
    single = next((m for m in kept if m.value == [0, 0]), None)
    others = [m for m in kept if m.value != [0, 0] and m.weight >= 2]  # noqa: PLR2004
    source = (
        page.quote(kept[0].start, kept[-1].end)
        if kept[-1].end - kept[0].start < 60
        else page.quote(kept[0].start, kept[0].end)
    )  # noqa: PLR2004 - one phrase
    if single and others:
        notes.doubt(
            "min_workers",
            "contradiction",
            f"{page.quote(single.start, single.end)}, {page.quote(others[0].start, others[0].end)}",
        )
        return
    if low is not None and high is not None and low > high:
        notes.doubt("min_workers", "crossing", f"at least {low}, at most {high}")
        return
    for name, value in (("min_workers", low), ("max_workers", high)):
        if value is not None:
            notes.say(name, value, source)


def _sides(mention: Mention) -> set[str]:
    low, high = mention.value  # type: ignore[misc]
    return ({"low"} if low is not None else set()) | ({"high"} if high is not None else set())


def _limit(page: Page, notes: Notes, mentions: Sequence[Mention]) -> None:
    kept = [m for m in _kept(page, mentions) if not _NO_LIMIT.search(page.layout.text, m.end)]
    if not kept:
        return
    keyed = [m for m in kept if m.weight >= 5]  # noqa: PLR2004
    kept = keyed or kept
    limits = list(dict.fromkeys((m.value[0], m.value[1]) for m in kept))  # type: ignore[index]
    currencies = {currency for _, currency in limits if currency}
    amounts = {Decimal(str(value)) for value, _ in limits}
    said = f"{page.quote(kept[0].start, kept[0].end)}, {page.quote(kept[-1].start, kept[-1].end)}"
    if len(limits) > 1 and len(currencies) > 1:
        notes.doubt("cost_limit", "contradiction", said)
    elif len(amounts) > 1:
        notes.doubt("cost_limit", "several", said, (str(value) for value, _ in limits))
    else:
        source = page.quote(kept[0].start, kept[0].end)
        notes.say("cost_limit", Decimal(str(limits[0][0])), source)
        if currencies:
            notes.say("currency", next(iter(currencies)), source)


def _number(page: Page, notes: Notes, name: str, mentions: Sequence[Mention]) -> None:
    kept = _kept(page, mentions)
    if name == "expires_in_days":
        kept = [m for m in kept if not _NO_END.search(page.layout.text, m.end)]
    keyed = [m for m in kept if m.weight >= 5]  # noqa: PLR2004
    kept = keyed or kept
    if wrong := next((m for m in kept if m.kind == "invalid"), None):
        notes.doubt(name, "invalid", page.quote(wrong.start, wrong.end))
        return
    values = list(dict.fromkeys(m.value for m in kept if isinstance(m.value, int | float)))
    if len(values) == 1:
        notes.say(name, values[0], page.quote(kept[0].start, kept[0].end))
    elif len(values) > 1 and name == "hours_per_week":
        notes.doubt(name, "contradiction", " and ".join(page.quote(m.start, m.end) for m in kept))
    elif values:
        best = max(kept, key=lambda m: (m.weight, m.start))
        notes.say(name, best.value, page.quote(best.start, best.end))


def _last_said(page: Page, notes: Notes, name: str, mentions: Sequence[Mention]) -> None:
    kept = [m for m in _kept(page, mentions) if m.value is not None]
    if kept:
        chosen = (
            kept[-1] if page.clauses.are_corrected(kept[0].end, kept[-1].start) else max(kept, key=lambda m: m.weight)
        )
        notes.say(name, chosen.value, page.quote(chosen.start, chosen.end))


def infer(notes: Notes) -> None:
    """A GPU's size means GPUs; a team that is named for its work does that work, as far as nobody says otherwise."""
    size = str(notes.fields.get("node_type", "")).removeprefix("Standard_")
    if size.startswith(_GPU_FAMILIES) and not notes.knows("enable_gpu"):
        notes.say("enable_gpu", value=True, source=notes.sources.get("node_type", ""))
    team = str(notes.fields.get("team", ""))
    if kind := team_workload(team):
        notes.assume(
            "workload_type",
            kind,
            f"The team is called “{team}”, and nothing else was said.",
            notes.sources.get("team", ""),
        )


def merged(ground: Notes, own: Notes, settled: dict[str, object]) -> Notes:
    """What is said of all, overridden by what is said of the one; `settled` is what tells the one apart."""
    known = set(own.fields) | {doubt.slot for doubt in own.doubts} | set(settled)
    both = Notes(
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
