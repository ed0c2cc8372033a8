"""What a why-question or a comparison is about, as the names of slots and options."""

import re

from plugins.catalogue.sizes import size
from plugins.parse.fields import machine, place
from plugins.parse.words import tokens_of

_EXPLAINED = (
    ("node_type", r"\b(?:node|vm|machine|instance|hardware|driver|cpu)(?:s|[\s-]?types?|[\s-]?sizes?)?\b|\bsizes?\b"),
    ("region", r"\bregions?\b|\blocation\b"),
    ("databricks_sku", r"\bpremium\b|\bsku\b|\btier\b|\bstandard\b(?!_)"),
    ("photon", r"\bphoton\b"),
    ("spot", r"\bspot\b|\bon[\s-]?demand\b"),
    ("network", r"\bnetwork\b|\bv-?net\b|\bprivate[\s-]?link\b|\bpublic\b|\bnat\b|\bsubnets?\b"),
    ("spark_version", r"\bruntime\b|\bdbr\b|\bspark\b|\blts\b"),
    ("workers", r"\bworkers?\b|\bautoscal\w*|\bsingle[\s-]?node\b|\bcluster size\b"),
    ("autotermination_minutes", r"\bterminat\w*|\bidle\b|\bshut\w* down\b"),
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


def explained(text: str) -> tuple[str, ...]:
    """Slots and decision fields that the question names; empty when it asks about everything."""
    topics = [name for name, pattern in _EXPLAINED if re.search(pattern, text, re.IGNORECASE)]
    if _sizes(text) and "node_type" not in topics:
        topics.append("node_type")
    if _regions(text) and "region" not in topics:
        topics.append("region")
    return tuple(topics)


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
