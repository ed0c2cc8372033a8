"""Several orders in one message: "destroy dbw-a and extend dbw-b by a week" is two, each to be read by itself.

A message is cut only where a clause begins as an order or a question of its own, and where every part names what it is
of and the acts differ: several wishes of one kind are one wish for several. What is only to happen later, or on a
condition ("before we destroy dbw-b"), is no order. Why so: read as one, a message has one act, which every workspace in
it would get.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugins.domain.understanding import Act, Context, Doubt, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.message import names_in, understand_one
from plugins.parse.sparing import spares_any
from plugins.parse.text import readable, sentences_of
from plugins.parse.upon import wonders
from plugins.parse.whose_words import addresses_another, spans_of_others

_MOST_CHARACTERS = 2_000
_MOST_PARTS = 6
_LATER = r"before|after|once|while|until|till|because|since|if|unless|as\ soon\ as"
_JOINT = re.compile(
    rf"""[.;!?\n]\s{{1,9}}|,\s{{1,9}}|\s(?=(?:and|then|but|plus|also)\s)
    |\s(?=(?:{_LATER})\s)""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_LATER = re.compile(rf"(?:and\ |but\ )?(?:{_LATER})\s(?:(?:we|i|you|they|somebody)\s)?", re.IGNORECASE | re.VERBOSE)
_REFUSED = re.compile(
    r"(?:no,?\ |and\ |but\ |please\ ){0,3}(?:do\ not|don[\u2019']?t|never|no\ need\ to|not\ to)\s",
    re.IGNORECASE | re.VERBOSE,
)
_SIZE = r"""(?:(?:a\s)?single\snode|(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b
    (?P<unit>\s(?:workers?|nodes?)\b)?)"""
_SIZES = re.compile(rf"\b{_SIZE}", re.IGNORECASE | re.VERBOSE)
_ELLIPSIS = re.compile(
    rf"(?:and\s)?(?P<size>{_SIZE})\s(?:on|for|in|to)\s(?P<name>[\w-]{{3,64}})\W{{0,3}}", re.IGNORECASE | re.VERBOSE
)
_ITS = re.compile(r"\b(?:its|it|that one|this one)\b(?!['\u2019])", re.IGNORECASE)

PLANNED: frozenset[Act] = frozenset({"provision", "amend", "destroy"})
"""Acts that a plan is made of; the others take effect, or answer, at once."""

_OF_WHAT_STANDS: frozenset[Act] = frozenset({"destroy", "extend", "amend", "export", "status", "history", "explain"})
_QUESTIONS: frozenset[Act] = frozenset({"cost", "compare", "explain", "status", "history"})
_EACH_ALONE: frozenset[Act] = frozenset({"extend", "export"})
"""Acts that take effect at once: two of one kind are two, each with its own values."""


@dataclass(frozen=True)
class Orders:
    """What a message orders, in its order: each of `taken` in one text, or in several that are read by themselves and
    are one wish for several workspaces (see `together`). `left` is what is no order to be taken.
    """

    taken: tuple[tuple[str, ...], ...]
    left: tuple[str, ...] = ()

    @property
    def alone(self) -> str | None:
        """The text of the one order, where there is no more to the message."""
        return self.taken[0][0] if len(self.taken) == 1 and len(self.taken[0]) == 1 and not self.left else None


@dataclass(frozen=True)
class _OrderPart:
    """`names` are the workspaces that its texts name."""

    texts: tuple[str, ...]
    meant: Understanding
    names: frozenset[str]
    is_later: bool
    is_refused: bool

    @property
    def is_clear(self) -> bool:
        """Whether it says by itself what is to be done, and of what."""
        if self.is_later:
            return False
        act, meant = self.meant.act, self.meant
        if act in ("list", "cost") and (act == "list" or meant.money is not None):
            return True
        if act == "provision":
            return any(request.stated() for request in meant.requests)
        return act in (*_OF_WHAT_STANDS, "cost") and bool(self.names or meant.selection)


def orders_in(text: str, context: Context) -> Orders:
    """The whole text as one where it is not clearly several."""
    whole = Orders(((text,),))
    if len(text) > _MOST_CHARACTERS:
        return whole
    pieces = _pieces(text)
    if not 1 < len(pieces) <= _MOST_PARTS:
        return whole
    # Cut, what follows would lose who said it: "bob: delete dbw-a, extend dbw-b by a week".
    if addresses_another(text) or spans_of_others(readable(text)):
        return whole
    # "Delete all. Keep dbw-x" is one wish: read by itself, the first would take it along.
    if spares_any(text, names_in(text, context)):
        return whole
    parts = _joined(_read(pieces, context))
    wanted = [part for part in parts if not (part.is_refused and part.names)]
    clear = [part for part in wanted if part.is_clear]
    unclear = [part for part in wanted if not part.is_clear]
    is_one = len(parts) == 1 and len(parts[0].texts) == 1
    if is_one or not clear or _is_about_one(clear) or (unclear and not _would_be_destroyed(clear, unclear)):
        return whole
    # "What happens if we destroy dbw-a and extend dbw-b?" orders neither.
    asks = any(wonders(sentence) and _JOINT.search(sentence) for sentence in sentences_of(text))
    if asks and not all(part.meant.act in (*_QUESTIONS, "list") for part in clear):
        return whole
    left = (text for part in unclear for text in part.texts)
    return Orders(tuple(part.texts for part in clear), tuple(left))


def together(read: Sequence[Understanding]) -> Understanding:
    """One wish for several workspaces, of which each was read by itself."""
    first = read[0]
    doubts: list[Doubt] = []
    statements: list[Statement] = []
    for meant in read:
        at = len(statements)
        doubts += (replace(one, statement=at if one.statement is None else at + one.statement) for one in meant.doubts)
        statements += meant.statements
    unused = tuple(text for meant in read for text in meant.unused)
    return replace(first, statements=tuple(statements), doubts=tuple(doubts), unused=unused)


def understand(text: str, context: Context) -> Understanding:
    """What this message does and says; of several orders the first that needs a plan, the others unused. Never raises;
    what makes no sense is `unclear`. `confirm` is never returned.
    """
    orders = orders_in(text, context)
    if orders == Orders(((text,),)):
        return understand_one(text, context)
    read = [(texts, _understood(texts, context)) for texts in orders.taken]
    first = next((pair for pair in read if pair[1].act in PLANNED), read[0])
    others = (*(part for texts in orders.taken if texts != first[0] for part in texts), *orders.left)
    return replace(first[1], unused=(*first[1].unused, *others))


def _understood(texts: Sequence[str], context: Context) -> Understanding:
    read = [understand_one(text, context) for text in texts]
    return read[0] if len(read) == 1 else together(read)


def _pieces(text: str) -> list[str]:
    """Cut before every clause that begins an order; what stands before the first belongs to it."""
    cuts = [0]
    for joint in _JOINT.finditer(text):
        before, behind = text[cuts[-1] : joint.start()], text[joint.end() :]
        if before.strip() and (_begins_order(behind) or _goes_on(before, behind)):
            cuts.append(joint.end())
    pieces = [text[start:end].strip(" ,;.\n") for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    if len(pieces) > 1 and not _begins_order(pieces[0]) and not _REFUSED.match(pieces[0]):
        pieces[:2] = [text[: cuts[2]].strip(" ,;.\n") if len(cuts) > 2 else text.strip()]  # noqa: PLR2004 - the third cut
    return pieces


def _goes_on(before: str, behind: str) -> bool:
    """Where a clause leaves out its verb ("and 3 on dbw-b"), or says when something is to go ("once dbw-b is up")."""
    return _ELLIPSIS.match(behind) is not None or (
        _IS_LATER.match(behind) is not None and phrases.begins("destroy", before)
    )


def _begins_order(text: str) -> bool:
    later = _IS_LATER.match(text)
    return phrases.begins("orders", text[later.end() :] if later else text)


def _read(pieces: Sequence[str], context: Context) -> list[_OrderPart]:
    parts: list[_OrderPart] = []
    for piece in pieces:
        text = _completed(phrases.after_openings(piece), parts[-1] if parts else None)
        names = _meant_in(text, context)
        before = parts[-1].names if parts else frozenset[str]()
        if not names and len(before) == 1:
            (name,) = before
            text = _ITS.sub(lambda it, name=name: f"{name}'s" if it[0].lower() == "its" else name, text)
            names = _meant_in(text, context)
        meant = understand_one(text, context)
        is_later, is_refused = _IS_LATER.match(text) is not None, _REFUSED.match(text) is not None
        parts.append(_OrderPart((text,), meant, frozenset(names), is_later, is_refused))
    return parts


def _meant_in(text: str, context: Context) -> tuple[str, ...]:
    """The workspaces that the text names; what is only to be called so is none yet: "tag a=b, call it dbw-x"."""
    given = {match["name"].casefold() for match in _GIVEN.finditer(text)}
    return tuple(name for name in names_in(text, context) if name.casefold() not in given)


_GIVEN = re.compile(
    r"(?:\b(?:call|name)\s(?:it|this|that one|the workspace)\s|,\s?(?:called|named)\s|\bname\s?[:=]\s?)"
    r"[\"'`]?(?P<name>[\w-]{3,64})",
    re.IGNORECASE,
)


def _completed(text: str, before: _OrderPart | None) -> str:
    """What leaves out its verb, with that of the part before: "3 on dbw-b" after "use 4 workers on dbw-a"."""
    elided = _ELLIPSIS.fullmatch(text)
    if elided is None or before is None or len(before.names) != 1:
        return text
    (name,), whole = before.names, before.texts[-1]
    before_name, _, behind_name = whole.partition(name)
    sizes = list(_SIZES.finditer(before_name))
    if len(sizes) != 1 or _SIZES.search(behind_name):
        return text
    unit = "" if elided["unit"] or not elided["size"].isalnum() else sizes[0]["unit"] or " workers"
    size = f"{elided['size']}{unit}"
    return f"{before_name[: sizes[0].start()]}{size}{before_name[sizes[0].end() :]}{elided['name']}{behind_name}"


def _joined(parts: Sequence[_OrderPart]) -> list[_OrderPart]:
    """Neighbours of one act as one, since one plan or one sum is of all of them."""
    joined: list[_OrderPart] = []
    for part in parts:
        last = joined[-1] if joined else None
        is_same = last is not None and last.meant.act == part.meant.act and part.meant.act not in _EACH_ALONE
        if last is None or not is_same or (last.is_later, last.is_refused) != (part.is_later, part.is_refused):
            joined.append(part)
        else:
            joined[-1] = replace(last, texts=_texts(last, part), names=last.names | part.names)
    return joined


def _texts(last: _OrderPart, part: _OrderPart) -> tuple[str, ...]:
    """Changes of different workspaces are read by themselves: each keeps its own values."""
    if part.meant.act == "amend" and part.names and not part.names <= last.names:
        return (*last.texts, *part.texts)
    return (*last.texts[:-1], f"{last.texts[-1]} and {part.texts[0]}")


def _would_be_destroyed(clear: Sequence[_OrderPart], unclear: Sequence[_OrderPart]) -> bool:
    """Whether what is not clear names a workspace that a destroy of the whole message would take along."""
    destroyed = {name for part in clear if part.meant.act == "destroy" for name in part.names}
    named = {name for part in unclear for name in part.names}
    return bool(named - destroyed) and any(part.meant.act == "destroy" for part in (*clear, *unclear))


def _is_about_one(clear: Sequence[_OrderPart]) -> bool:
    """Whether a question belongs to the order beside it: "we need … in dev, what would that cost?" asks, and so does
    "use 4 workers on dbw-a, and what is that a month?"
    """
    acts = {part.meant.act for part in clear}
    asked = {name for part in clear if part.meant.act in _QUESTIONS for name in part.names}
    changed = {name for part in clear if part.meant.act == "amend" for name in part.names}
    return ("provision" in acts and bool(acts & _QUESTIONS)) or bool(asked & changed)
