"""What is not wanted now: what was thought of and is not needed after all, and what is for a later day."""

import re

_REACH = 70
"""Characters that such words reach back."""


def not_needed_after_all(text: str) -> list[tuple[int, int]]:
    """Where what is denied stands in “I thought we'd need GPUs, but we really don't”."""
    spans: list[tuple[int, int]] = []
    for match in _DROPPED.finditer(text):
        start = _clause_start(text, match.start())
        thought = (
            list(_THOUGHT_OF.finditer(text, start, match.start()))
            if not _IF_ANY.search(text, start, match.start())
            else []
        )
        spans += [(thought[-1].end(), match.start())] if thought else []
    return spans


def put_off(text: str) -> list[tuple[int, int]]:
    """What is for a later day."""
    spans = [match.span("what") for match in _NEEDED_SOME_DAY.finditer(text)]
    behind = (match.start() for pattern in (_SOME_DAY, _FOR_A_PERIOD) for match in pattern.finditer(text))
    clauses = [(_clause_start(text, at), at) for at in behind]
    return spans + [span for span in clauses if len(text[slice(*span)].split()) <= _MOST_PUT_OFF]


def _clause_start(text: str, end: int) -> int:
    """Where the clause begins that ends there, as far as such words reach back."""
    first = max(0, end - _REACH)
    return max((match.end() for match in _CLAUSE_BEGINS.finditer(text, first, end)), default=first)


_MOST_PUT_OFF = 3
"""Words of what a clause puts off; a longer one orders something, and tells when."""

_IF_ANY = re.compile(r"\b(?:if possible|ideally|preferabl[ey])\b", re.IGNORECASE)
_CLAUSE_BEGINS = re.compile(r"[.;,:!?\n]|\b(?:because|since|as|while|so|and|but)\b", re.IGNORECASE)
_THOUGHT_OF = re.compile(
    r"\b(?:need|needed|want|wanted|like|thought of|planned|considered|expected|asked for|went for)\b", re.IGNORECASE
)


_DROPPED = re.compile(
    r"""
    ,?[ ]but[ ](?:we|i|it|that)[ ]
    (?:(?:really|actually|honestly|definitely|certainly|now|clearly)[ ])?
    (?:don['\u2019]?t|do[ ]not|doesn['\u2019]?t|does[ ]not|won['\u2019]?t|never[ ](?:will|did))
    (?:[ ](?:need|want|require)(?:[ ](?:it|them|that|those|any|one))?)?
    (?:[ ](?:any ?more|after[ ]all|at[ ]all|now|really))?
    (?=\s?(?:[.,;:!?\n)]|$))
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What was thought to be needed and is not: "I thought we'd need GPUs, but we really don't"."""
_LATER_ON = (
    r"(?:(?<!for[ ])(?:one|1)[ ]day|some[ ]?day|at[ ]some[ ]point|later(?:[ ]on)?|eventually|down[ ]the[ ]road"
    r"|in[ ](?:the[ ])?future)(?=\s?(?:[.;!?\n]|$|,?\s(?:but|now|for[ ]now)\b))"
)
_SOME_DAY = re.compile(
    rf"""
    [ ](?:would|might|could|may|will)
    (?:[ ](?:be|come|follow|make[ ]sense))?(?:[ ](?:nice|great|good|lovely|cool|useful|handy|needed|fun|in))?
    (?:[ ]to[ ]have)?
    [ ]{_LATER_ON}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is wished for a later day: "prod would be nice one day"."""
_NEEDED_SOME_DAY = re.compile(
    rf"""
    \b(?:will|would|might|may|could)[ ](?:also[ ]|probably[ ]|surely[ ])?(?:need|want|have|get|add)
    [ ](?P<what>(?:(?!\b(?:now|for|with|in|to|that|which|workspace|databricks|an?)\b)[^.;:\n!?]){{2,60}}?)
    ,?[ ]{_LATER_ON}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The same by whoever will need it: "we will need dev, staging and prod at some point"."""
_FOR_A_PERIOD = re.compile(
    r"""
    [ ](?:is|are)[ ](?:only[ ]|just[ ]|planned[ ]|something[ ])?for
    [ ](?:q[1-4]|h[12]|next[ ](?:year|quarter|month|sprint))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What has its own time: "prod is for Q3"."""
