"""Sizes, GPUs, spot, Photon and the network."""

import re

from plugins.catalogue.sizes import size
from plugins.parse.reading import Mention, Notes, Reading, corrected_between, settle

SIZE = re.compile(
    r"(?<![\w-])(?:standard[_ -]?)?(?P<family>nc|nd|nv|dc|ec|ds|gs|hb|hc|hx"
    r"|[defglmb])(?P<number>\d{1,3})(?P<letters>[a-z]{0,6})"
    r"(?:[_ ]?(?P<gpu>t4|a100|a10|h100|h200|mi\d{2,3}x?))?[_ ]?(?P<version>v\d{1,2})(?![\w-])",
    re.IGNORECASE,
)
_STANDARD = re.compile(
    r"(?<![\w-])standard_(?P<family>[a-z]{1,2})(?P<number>\d{1,3})(?P<letters>[a-z]{0,6})(?![\w-])", re.IGNORECASE
)
_OLD = re.compile(r"(?<![\w-])(?P<family>nc|nv|nd)(?P<number>\d{1,3})(?P<letters>r?s?)(?![\w-])", re.IGNORECASE)

_GPU_NOISE = re.compile(
    r"\bgpus? (?:sales|prices?|market|cards?|vendors?|shops?|stocks?|shortage|retail\w*|usage"
    r"|benchmarks?|makers?|news)\b|\b(?:about|sell\w*|on) (?:our )?gpus?\b(?= (?:sales|prices"
    r"|trends))",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:first|initially|originally|at first|before)[\s,]+(?:i|we) (?:wanted|had|asked"
    r"|thought|planned)[^.;\n]*?(?:\bbut\b|\bthen\b|$|(?=[.;\n]))|\b(?:the )?(?:last|old"
    r"|previous|other) (?:one|cluster|workspace|time)[^.;,\n]*|\bused to (?:have"
    r"|use)[^.;,\n]*",
    re.IGNORECASE,
)
_NO_GPU = re.compile(
    r"\b(?:no|without(?: any)?|not?n?-?|zero|don'?t need(?: any)?|do not need(?: any)?"
    r"|doesn'?t need|never|skip(?: the)?|drop(?: the)?|minus|remove the|pas de"
    r"|kein\w?) *(?:a |any |need for )?gpus?\b(?: (?:at all|allowed|needed|required|please"
    r"|this time))?|\bcpus?[ -]*only\b|\bonly cpus?\b|\bgpus?(?: (?:required|needed|enabled?"
    r"|support))? *[:=|?]? *(?:no\b|none\b|not? (?:needed|required|allowed)|false\b|off\b"
    r"|n/a\b|are not needed|is not needed)",
    re.IGNORECASE,
)
_YES_GPU = re.compile(
    r"\bgpus?(?: (?:required|needed|enabled?|support|please))? *[:=|?]? *(?:yes\b|true\b"
    r"|on\b(?! )|y\b)|\b(?:with|need|needs|want|wants|use|using|on|some|add|and|plus|have"
    r"|enable|including|of)\s+(?:(?:a|the|\d+|some|any|nvidia|one) *x? *)?gpus?\b|\bgpus?\b",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"(?<![\w-])(?:(?P<count>\d{1,2})\s?x?\s?)?(?:nvidia )?(?P<model>t4|a100|a10|v100|h100"
    r"|h200|a40|l4)s?\b(?! *(?:slips?|forms?|line|bus|road|motorway|highway|terminal|gate"
    r"|paper|sheets?|platform|cells?|tax|box))",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"\b(?:gpus?|training|deep learning|fine[ -]?tun\w+|llms?|model|ml|machine learning"
    r"|neural|inference|reinforcement|nlp|vision)\b",
    re.IGNORECASE,
)

_SPOT_NOISE = re.compile(
    r"\bspot[ -]*(?:prices?|market|rates?|checks?|trading|on\b|light|auctions?|deals|quotes?"
    r"|gold|fx)\b|\b(?:blind|soft|sweet|hot) spots?\b|\bspotless\b",
    re.IGNORECASE,
)
_NO_SPOT = re.compile(
    r"\b(?:no|without(?: any)?|not|never|avoid|must not use|don'?t use|do not use|don'?t want"
    r"|non)[ -]*(?:use )?(?:any )?spot\b(?: (?:vms?|instances?|machines?|workers?|nodes?"
    r"|please))?|\bspot *[:=|]? *(?:no\b|false\b|off\b|is not|isn'?t|not (?:ok|allowed"
    r"|fine))|\bon[ -]?demand(?: (?:vms?|only|machines?|instances?|nodes?|workers?))*\b",
    re.IGNORECASE,
)
_SPOT = re.compile(
    r"\b(?:with |use |using |allow |accept )?spot\b(?: *[:=|]? *(?:is |are |vms? |instances? |workers? |machines? "
    r"|nodes? |would be )*(?:fine|ok|okay|allowed|yes|please|good|on|true|welcome|possible|preferred|acceptable"
    r"|vms?|instances?|workers?|machines?|nodes?)\b"
    r"|(?= *(?:$|[,.;:\n)!?/|&+-]|and\b|or\b|if\b|for\b|to\b|in\b|where\b)))",
    re.IGNORECASE,
)
_NO_PHOTON = re.compile(
    r"\b(?:no|without|not|never|don'?t (?:use|need|want)|disable|non)[ -]*photon\b"
    r"|\bphoton *[:=|]? *(?:no\b|off\b|false\b|disabled\b|not needed|isn'?t)",
    re.IGNORECASE,
)
_PHOTON = re.compile(
    r"\b(?:with |use |using |enable |and )?photon\b(?: *[:=|]? *(?:is )?(?:on|yes|please"
    r"|enabled|true|engine|would be nice|too)\b)?",
    re.IGNORECASE,
)

_PRIVATE = re.compile(
    r"\bprivate[ -]*link(?:ed)?(?: only)?\b|\bprivate endpoints?(?: only)?\b|\b(?:no|without"
    r"|disable|block(?:ed)?|deny|not? any|zero|turn off) (?:public"
    r"|internet)(?: network)?(?:[ -]*facing)?(?: (?:access|exposure|endpoint|ip access"
    r"|traffic))?(?: at all)?\b"
    r"|\bnot (?:be )?(?:exposed|reachable|accessible|open)(?: to| from"
    r"| via)?(?: the)? (?:public )?internet\b|\bno exposure to the internet\b"
    r"|\bpublic (?:network )?access *[:=|]? *(?:off|no|disabled|none|false|is off"
    r"|must be off|not allowed)\b|\bfully private\b|\bprivate (?:network )?(?:access"
    r"|connectivity) only\b",
    re.IGNORECASE,
)
_VNET = re.compile(
    r"\b(?:v-?net|virtual network)(?:[ -]*(?:inject(?:ed|ion)?|integrat(?:ed|ion)))?\b"
    r"|\b(?:in|inside|into) (?:our|its|my|a) own (?:v-?net|network)\b|\bnetwork injection\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"\bpublic(?:[ -]*(?:network|access|endpoint|internet|facing))*\b(?: *(?:is|are|enabled"
    r"|ok|okay|fine|allowed|for the vendor|on|works|will do|would do))*|\b(?:network"
    r"|access) *[:=|] *public\b|\bopen to the internet\b|\binternet[ -]facing\b",
    re.IGNORECASE,
)
_PUBLIC_NOISE = re.compile(
    r"\bpublic (?:sector|holiday|relations|affairs|health|transport|company|cloud|data"
    r"|preview|works|services?|ip list)\b|\bprivate (?:equity|banking|wealth|label"
    r"|clients?)\b",
    re.IGNORECASE,
)


def node_type(reading: Reading, notes: Notes) -> None:
    """The VM size in its canonical spelling, as said even when it is retired."""
    mentions = [
        Mention(canonical(found), found.start(), found.end())
        for pattern in (SIZE, _STANDARD, _OLD)
        for found in pattern.finditer(reading.text)
    ]
    settled = settle(reading, mentions)
    for mention in mentions:
        reading.mask(mention.start, mention.end)
    if settled.value is not None:
        notes.say("node_type", settled.value)
        found = size(str(settled.value))
        if (found is not None and found.gpus) or re.match(r"Standard_N[CDV]", str(settled.value)):
            notes.say("enable_gpu", value=True)
    elif settled.kind:
        notes.doubt("node_type", "several", settled.said, (str(value) for value in settled.candidates))


def gpu(reading: Reading, notes: Notes) -> None:
    """GPUs yes or no; a model counts as yes where machines are spoken of."""
    reading.take_all(_GPU_NOISE)
    for found in _PAST.finditer(reading.text):
        if _YES_GPU.search(found[0]) or _MODEL.search(found[0]):
            reading.mask(found.start(), found.end())
    no = reading.take_all(_NO_GPU)
    context = bool(_TRAINS.search(reading.text)) or "enable_gpu" in notes.fields
    models = [
        m
        for m in _MODEL.finditer(reading.text)
        if (context or m["count"] or m["model"].lower() in ("a100", "h100", "v100", "h200"))
        and not reading.is_negated(m.start())
    ]
    said = [m[0] for m in models]
    for match in models:
        reading.mask(match.start("model"), match.end())
    yes = [m for m in reading.take_all(_YES_GPU) if not reading.is_negated(m.start())]
    if no and (yes or models) and (last := _later(reading, no[-1], (yes or models)[-1])) is not None:
        notes.say("enable_gpu", value=last)
    elif no and (yes or models):
        notes.doubt("enable_gpu", "contradiction", f"{(yes or models)[0][0]}, {no[0][0]}", ("true", "false"))
    elif no:
        notes.say("enable_gpu", value=False)
    elif yes or models:
        notes.say("enable_gpu", value=True)
        notes.extras.extend(text.strip().upper() for text in said)


def spot(reading: Reading, notes: Notes) -> None:
    reading.take_all(_SPOT_NOISE)
    _flag(reading, notes, "spot", _NO_SPOT, _SPOT)


def photon(reading: Reading, notes: Notes) -> None:
    _flag(reading, notes, "photon", _NO_PHOTON, _PHOTON)


def network(reading: Reading, notes: Notes) -> None:
    """The way in; a private link with public access kept is a doubt."""
    reading.take_all(_PUBLIC_NOISE)
    found = {
        name: [m for m in reading.take_all(pattern) if not reading.is_negated(m.start())]
        for name, pattern in (("private_link", _PRIVATE), ("vnet", _VNET), ("public", _PUBLIC))
    }
    said = [name for name, matches in found.items() if matches]
    if "private_link" in said and "public" in said:
        text = f"{found['private_link'][0][0].strip()}, {found['public'][0][0].strip()}"
        notes.doubt("network", "contradiction", text, ("private_link", "public"))
    elif said:
        notes.say("network", said[0])


def _later(reading: Reading, no: re.Match[str], yes: re.Match[str]) -> bool | None:
    """What a correction between a no and a yes comes to; None when there is none between them."""
    first, second = sorted((no, yes), key=lambda match: match.start())
    return second is yes if corrected_between(reading, first.end(), second.start()) else None


def _flag(reading: Reading, notes: Notes, name: str, no: re.Pattern[str], yes: re.Pattern[str]) -> None:
    """A yes or no; the later statement wins when both are there with a correction, else no."""
    refused = reading.take_all(no)
    taken = [m for m in reading.take_all(yes) if not reading.is_negated(m.start())]
    if refused and taken and taken[-1].start() > refused[-1].start():
        notes.say(name, value=True)
    elif refused:
        notes.say(name, value=False)
    elif taken:
        notes.say(name, value=True)


def canonical(found: re.Match[str]) -> str:
    """The catalogue's spelling, else Azure's: family in capitals, the rest as it is written there."""
    groups = found.groupdict()
    name = f"{groups['family'].upper()}{groups['number']}{groups['letters'].lower()}"
    if groups.get("gpu"):
        name += f"_{groups['gpu'].upper()}"
    if groups.get("version"):
        name += f"_{groups['version'].lower()}"
    known = size(name)
    return known.name if known else f"Standard_{name}"
