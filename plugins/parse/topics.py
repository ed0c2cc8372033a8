"""What a why-question or a comparison is about, as the names of slots and options."""

import re

from plugins.catalogue.glossary import Term, term_named
from plugins.catalogue.sizes import size
from plugins.parse.fields import machine, place
from plugins.parse.words import tokens_of

_SECURITY = ("network", "no_public_ip", "storage_firewall", "access_mode")
"""What of a decision keeps others out."""

_IDLE_TIME = (
    r"(?:\b(?:over|at|all|every|through|during) (?:the )?(?:night|weekends?|christmas|holidays?)\b|\bovernight\b)"
)
_RUNS = (
    r"(?:r[ua]n(?:s|ning)?|stop(?:s|ped)?|off|on|shuts?|sleeps?|asleep|awake|paus\w{1,4}|active|idles?|up|down|alive"
    r"|happens)"
)
_ENDS = r"(?:switch|turn|shut|power)(?:es|s)? (?:itself )?(?:off|down)|stops?|sleeps?|terminates?"
_EXPLAINED = (
    ("node_type", r"\b(?:node|vm|machine|instance|hardware|driver|cpu)(?:s|[\s-]?types?|[\s-]?sizes?)?\b|\bsizes?\b"),
    ("region", r"\bregions?\b|\blocation\b"),
    ("databricks_sku", r"\bpremium\b|\bsku\b|\btier\b|\bstandard\b(?!_)"),
    ("photon", r"\bphoton\b"),
    ("spot", r"\bspot\b|\bon[\s-]?demand\b"),
    ("network", r"\bnetwork\b|\bv-?net\b|\bprivate[\s-]?link\b|\bpublic\b|\bnat\b|\bsubnets?\b"),
    ("spark_version", r"\bruntime\b|\bdbr\b|\bspark\b|\blts\b"),
    ("workers", r"\bworkers?\b|\bautoscal\w*|\bsingle[\s-]?node\b|\bcluster size\b"),
    ("autotermination_minutes", r"\bterminat\w*|\bidle\b|\bshut\w* (?:itself )?(?:down|off)\b"),
    ("autotermination_minutes", r"\bauto[- ]?(?:shut ?down|stop|off)\b"),
    ("autotermination_minutes", rf"\b(?:{_ENDS})\b[^?.\n]{{0,20}}\b(?:itself|by itself|on its own|off|down|idle)\b"),
    ("autotermination_minutes", rf"\b(?:minutes?|mins?|time|long|soon|fast|quickly)\b[^?.\n]{{0,40}}\b(?:{_ENDS})\b"),
    (
        "autotermination_minutes",
        rf"\b{_RUNS}\b[^?.\n]{{0,60}}{_IDLE_TIME}|{_IDLE_TIME}[^?.\n]{{0,60}}\b{_RUNS}\b",
    ),
    ("storage_sku", r"\bstorage\b|\bredundan\w*|\blrs\b|\bzrs\b|\bgrs\b"),
    ("diagnostics", r"\bdiagnostics?\b|\blog analytics\b|\blogs?\b"),
    ("budget", r"\bbudgets?\b"),
    ("cost_limit", r"\b(?:cost |budget |spending |house )?limits?\b"),
    ("cluster_policy", r"\bpolic(?:y|ies)\b"),
    ("workspace_name", r"\bname\b|\bcalled\b"),
    ("managed_resource_group_name", r"\bmanaged (?:resource )?group\b"),
    ("access_mode", r"\baccess mode\b|\bdedicated\b|\bshared\b"),
    ("storage_firewall", r"\bfirewall\b|\baccess connector\b"),
    ("no_public_ip", r"\bpublic ips?\b"),
    ("hours_per_week", r"\bhours\b"),
    ("min_workers", r"\bworkers?\b"),
    ("workload_type", r"\bworkload\b"),
    ("environment", r"\benvironment\b"),
    *((topic, r"\b(?:safe|secure|security|protected|encrypt\w*)\b") for topic in _SECURITY),
)
_OPTIONS = (
    ("spot", r"\bspot\b"),
    ("on_demand", r"\bon[\s-]?demand\b|\bregular (?:vms?|machines)\b"),
    ("vnet", r"\bv-?net(?:[\s-]?inject\w+)?\b"),
    ("private_link", r"\bprivate[\s-]?(?:link|endpoints?)\b"),
    ("public", r"\bpublic(?: network| access)?\b"),
    ("no_photon", r"\b(?:no|without) photon\b"),
    ("photon", r"(?<!no )(?<!without )\bphoton\b"),
    ("single_node", r"\bsingle[\s-]?node\b"),
    ("cluster", r"\bclusters?\b|\bmulti[\s-]?node\b"),
    ("gpu", r"\bgpus?\b"),
    ("cpu", r"\bcpus?\b"),
    ("premium", r"\bpremium\b"),
    ("standard", r"\bstandard\b(?!_)"),
    ("trial", r"\btrial\b"),
    ("jobs", r"\bjobs?(?: clusters?| compute)?\b"),
    ("all_purpose", r"\ball[\s-]?purpose\b"),
    ("dev", r"\bdev(?:elopment)?\b"),
    ("staging", r"\bstaging\b"),
    ("prod", r"\bprod(?:uction)?\b"),
)


_COMPUTES = (
    (
        "sql-serverless",
        r"\bserverless[\s-](?:sql|(?:data )?warehouses?)|\bsql[\s-]serverless|\bserverless sql warehouses?",
    ),
    ("sql-pro", r"\bsql[\s-]?pro\b|\bpro (?:sql|warehouses?)\b"),
    ("sql-classic", r"\bsql[\s-]?classic\b|\bclassic (?:sql|warehouses?)\b"),
    ("dlt-core", r"\bdlt\b(?! (?:pro|advanced))|\bdelta live tables\b|\bdeclarative pipelines?\b|\blakeflow\b"),
    ("dlt-pro", r"\bdlt\b(?! (?:core|advanced))|\bdelta live tables\b|\bdeclarative pipelines?\b|\blakeflow\b"),
    ("dlt-advanced", r"\bdlt\b(?! (?:core|pro))|\bdelta live tables\b|\bdeclarative pipelines?\b|\blakeflow\b"),
    ("jobs-serverless", r"\bserverless jobs?\b|\bautomated serverless\b"),
    ("interactive-serverless", r"\bserverless (?:notebooks?|compute)\b|\binteractive serverless\b"),
    ("jobs", r"(?<!serverless )\bjobs?[\s-](?:compute|clusters?)\b"),
    ("all-purpose", r"\ball[\s-]?purpose\b"),
    ("model-serving", r"\bmodel[\s-]?serving\b|\binferenc(?:e|ing)\b"),
    ("model-training", r"\bmodel[\s-]?training\b"),
)
_DBU = re.compile(r"\bdbus?\b|\bdatabricks units?\b", re.IGNORECASE)
_PRICED = re.compile(r"\b(?:pric\w+|rates?|costs?|how much|how expensive)\b", re.IGNORECASE)
_OF_A_WORKSPACE = re.compile(r"\b(?:workspaces?|teams?|for|if|instead|it|this|that|them)\b", re.IGNORECASE)

RATES = "dbu"
"""The topic of a question for the price of a DBU; the computes that it names follow."""


def rates_asked(text: str) -> tuple[str, ...]:
    """`RATES` and the computes of which somebody asks what a DBU costs, all where none is named; empty where the price
    of a workspace is asked for, or none.
    """
    computes = tuple(name for name, pattern in _COMPUTES if re.search(pattern, text, re.IGNORECASE))
    if not _PRICED.search(text) or not (computes or _DBU.search(text)):
        return ()
    is_of_dbus = _DBU.search(text) is not None or not _OF_A_WORKSPACE.search(text)
    return (RATES, *computes) if is_of_dbus else ()


def explained(text: str) -> tuple[str, ...]:
    """Slots and decision fields that the question names; empty when it asks about everything."""
    named = [name for name, pattern in _EXPLAINED if re.search(pattern, text, re.IGNORECASE)]
    topics = list(dict.fromkeys(named))
    if _sizes(text) and "node_type" not in topics:
        topics.append("node_type")
    if _regions(text) and "region" not in topics:
        topics.append("region")
    return tuple(topics)


TERM = "term"
"""The topic of a question for what a word means; the word follows, as the glossary has it."""

_TERM, _TO_ME = r"(?:an? |the )?(?P<term>.{2,40}?)", r"(?: (?:is|are|means?))?(?: to me)?"
_LATER = r"(?:,? (?:please|again|exactly|anyway|then|in (?:plain|simple) (?:words|english|terms)))?"
_ASKED = (
    rf"what(?:'s|\u2019s| is| are| was)? (?:the meaning of )?{_TERM}{_LATER}",
    rf"what (?:do|does) (?:you mean by )?{_TERM}(?: (?:mean|stand for|do|actually do))?{_LATER}",
    rf"(?:can|could|would) you (?:please )?(?:explain|define)(?: to me| me)?(?: what)? {_TERM}{_TO_ME}",
    rf"(?:please )?(?:explain|define|describe|tell me about)(?: to me| me)?(?: what)? {_TERM}{_TO_ME}",
    rf"(?:the )?(?:meaning|definition) of {_TERM}",
    rf"(?:i (?:do not|don.?t) (?:know|understand)|no idea|tell me|do you know|not sure)(?: what)? {_TERM}{_TO_ME}",
)
_BEFORE = (
    r"\W*(?:(?:and|so|ok|okay|hey|hi|hello|sorry|but|wait|hm+|please|(?:forgive|excuse|pardon) (?:me|my ignorance)"
    r"|pardon|apologies|(?:quick|one) question)\b\W*){0,3}"
)
_MEANING = tuple(re.compile(rf"{_BEFORE}{asked}\W*", re.IGNORECASE) for asked in _ASKED)
"""What the whole of a message looks like that asks what a word means; which words there are, the glossary knows."""

_BARE = re.compile(r"\W*(?P<term>[\w\s-]{2,40}?)(?: means)? ?\?\W*", re.IGNORECASE)
_LONGEST_QUESTION = 120


def term_asked(text: str, *, bare: bool = True) -> Term | None:
    """The word of the glossary whose meaning is all that is asked; None where another word, or more, is asked for.
    `bare` where the word alone with a question mark asks for it, too.
    """
    if len(text) > _LONGEST_QUESTION:
        return None
    readings = (pattern.fullmatch(text) for pattern in (*_MEANING, *((_BARE,) if bare else ())))
    return next(
        (term for match in readings if match and (term := term_named(match["term"])) and not _asks_which(match, term)),
        None,
    )


def _asks_which(match: re.Match[str], term: Term) -> bool:
    """True for "what is the environment?": which one it is, and not what such a thing is."""
    before = match.string[: match.start("term")].lower()
    return term.name in ("environment", "workload") and before.endswith("the ") and "mean" not in before


def compared(text: str) -> tuple[str, ...]:
    """Options that the comparison names, in the order in which they are said."""
    if _REGIONS.search(text) and not _regions(text):
        return ("regions",)
    options = [(m.start(), name) for name, pattern in _OPTIONS if (m := re.search(pattern, text, re.IGNORECASE))]
    options += [(text.lower().find(name.lower()), name) for name in (*_sizes(text), *_regions(text))]
    return tuple(dict.fromkeys(name for _, name in sorted(options)))


_REGIONS = re.compile(
    r"\b(?:which|what|any|other|cheap\w*|where)\b[^?.\n]{0,40}\b(?:regions?|locations?)\b|\bregions?\b[^?.\n]{0,30}\b(?:cheap\w*|least)\b"
    r"|\bwhere (?:would|is|does) (?:it|this|that)[^?.\n]{0,20}\b(?:cheap\w*|least)\b",
    re.IGNORECASE,
)


def _sizes(text: str) -> list[str]:
    return [known.name for match in machine.SIZE.finditer(text) if (known := size(machine.canonical(match)))]


def _regions(text: str) -> list[str]:
    return list(dict.fromkeys(hit.value[1] for hit in place.names().hits(tokens_of(text))))
