"""A small picture of a workspace's architecture, as SVG and as text. Pure; every label is escaped.

The SVG takes its lines and letters from the text colour of the page around it, so that it fits light and dark; it
needs no style sheet, no script and no identifiers, so that any number of pictures may stand on one page. Its title
and description say the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from plugins.deploy.sentences import SAYS
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.plan import PlanAction

_WIDTH = 720
_LEFT = 118
"""Where the resource group begins; people stand to the left of it."""

_INNER = _LEFT + 16
_RIGHT = _WIDTH - 12
_CHARACTER = 6.3
"""Width of a letter at 12 px, about; labels that would not fit are cut, and are whole in the description."""

_CLOUD, _NET, _GONE = "#d9542b", "#2f7bd9", "#c62828"
_MOST_NODES = 10
_NODE = 20


def diagram(decision: InfrastructureDecision, action: PlanAction = "create") -> str:
    """SVG: people, the resource group, in it workspace, network, cluster, endpoints, storage, logs and budget.

    What a plan destroys is drawn in red, with broken lines.
    """
    network = _network(decision)
    foot_top = 124 + network.height + 12
    height = foot_top + 46 + 16 + 12
    gone = action == "destroy"
    body = [
        _people(decision),
        _frame(_Box(_LEFT, 8, _RIGHT - _LEFT, height - 16), colour=_GONE if gone else None, dashed=True),
        _text(_INNER, 30, SAYS("diagram.resource_group", name=decision.resource_group_name), most=66, weight="bold"),
        _text(_RIGHT - 16, 30, decision.region, anchor="end"),
        _workspace(decision),
        _arrow(_LEFT + 76, 100, 124),
        network.drawn,
        *_foot(decision, foot_top),
    ]
    title = SAYS(f"diagram.title.{'destroyed' if gone else 'planned'}", name=decision.workspace_name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' font-family="system-ui, sans-serif" font-size="12" fill="none" stroke="{_GONE if gone else "currentColor"}">'
        f"<title>{escape(title)}</title>"
        f"<desc>{escape(_description(decision))}</desc>"
        f"{''.join(body)}</svg>"
    )


def diagram_text(decision: InfrastructureDecision) -> str:
    """The same as indented lines."""
    lines = [f"{decision.resource_group_name} ({decision.region})"]
    lines += [f"{'  ' * indent}└ {label}" for indent, label in _boxes(decision)]
    return "\n".join(lines)


def _description(decision: InfrastructureDecision) -> str:
    """The picture in one sentence of parts."""
    parts = [line.strip(" └") for line in diagram_text(decision).splitlines()]
    return "; ".join(dict.fromkeys([*parts, *_standing(decision)]))


def _boxes(decision: InfrastructureDecision) -> list[tuple[int, str]]:
    """Indent and label, top to bottom."""
    details = decision.network_details
    if details is None:
        network = SAYS("diagram.managed_network")
    else:
        space = details.address_space or SAYS("diagram.existing")
        egress = SAYS("diagram.egress") if details.nat_gateway else ""
        network = SAYS("diagram.own_network", space=space, egress=egress)
    size = decision.worker_instance_type.removeprefix("Standard_")
    boxes = [
        (0, network),
        (1, SAYS("diagram.workspace", name=decision.workspace_name)),
        (2, SAYS("diagram.cluster", size=size, workers=_workers(decision))),
    ]
    if decision.network == "private_link":
        boxes.insert(1, (1, SAYS("diagram.endpoints", endpoints=", ".join(_endpoints(decision)))))
    if decision.diagnostics:
        boxes.append((0, SAYS("diagram.logs")))
    return boxes


def _endpoints(decision: InfrastructureDecision) -> list[str]:
    details = decision.network_details
    if decision.network != "private_link":
        return []
    own_sign_in = details is None or details.browser_authentication
    return [SAYS("diagram.ui_api"), *([SAYS("diagram.sign_in")] if own_sign_in else [])]


def _workers(decision: InfrastructureDecision) -> str:
    counts = dict.fromkeys((decision.min_workers, decision.max_workers))
    return (
        SAYS("diagram.single_node")
        if decision.single_node
        else SAYS("diagram.workers", counts=" to ".join(map(str, counts)))
    )


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class _Drawing:
    height: float
    drawn: str


def _people(decision: InfrastructureDecision) -> str:
    """Who works there, and the way by which they come in."""
    private = decision.network == "private_link"
    way = "private link" if private else "internet"
    lock = f'<rect x="44" y="118" width="16" height="12" rx="2" stroke="{_NET}"/><path d="M48 118v-4a4 4 0 0 1 8 0v4"'
    return (
        '<circle cx="52" cy="60" r="8"/><path d="M36 84a16 14 0 0 1 32 0z"/>'
        + _text(52, 100, "People", anchor="middle", weight="bold")
        + (f'{lock} stroke="{_NET}"/>' if private else "")
        + _text(52, 146 if private else 114, way, anchor="middle")
        + f'<path d="M74 72H{_INNER - 8}" stroke-width="1.5"/>{_head(_INNER - 2, 72, "right")}'
    )


def _workspace(decision: InfrastructureDecision) -> str:
    workload = decision.workload_type.replace("_", " ")
    layers = "".join(
        f'<path d="M150 {y}l18 -8l18 8l-18 8z" stroke="{_CLOUD}" stroke-width="1.5"/>' for y in (64, 72, 80)
    )
    return (
        _frame(_Box(_INNER, 44, _RIGHT - _INNER - 16, 56), colour=_CLOUD, filled=True)
        + layers
        + _text(204, 68, decision.workspace_name, most=60, weight="bold")
        + _text(
            204,
            86,
            SAYS("diagram.tier", sku=decision.databricks_sku, environment=decision.environment, workload=workload),
            most=70,
        )
    )


def _network(decision: InfrastructureDecision) -> _Drawing:
    """The network's frame with the cluster, and beside it what lets in and out."""
    beside = _gates(decision)
    details = decision.network_details
    height = max(134, 34 + 40 * len(beside) + 6)
    if details is None:
        label = SAYS("diagram.by_databricks")
    elif details.existing_virtual_network_id is not None:
        label = SAYS("diagram.existing_network", name=details.existing_virtual_network_id.rsplit("/", 1)[-1])
    else:
        label = SAYS("diagram.new_network", space=details.address_space or "").strip()
    frame = _Box(_INNER, 124, _RIGHT - _INNER - 16, height)
    drawn = [
        _frame(frame, colour=_NET, dashed=True),
        _text(_INNER + 14, 144, label, most=50, weight="bold"),
        _cluster(decision),
    ]
    drawn += [_chip(_Box(512, 154 + 40 * number, 166, 32), text, colour=_NET) for number, text in enumerate(beside)]
    return _Drawing(height, "".join(drawn))


def _gates(decision: InfrastructureDecision) -> list[str]:
    private = [SAYS("diagram.endpoint", name=name) for name in _endpoints(decision)]
    details = decision.network_details
    return [*private, "NAT gateway"] if details is None or details.nat_gateway else private


def _cluster(decision: InfrastructureDecision) -> str:
    """The cluster: a square a node, drawn through while it may stop, and what kind of machines they are."""
    size = decision.worker_instance_type.removeprefix("Standard_")
    flags = (("spot", decision.spot), ("Photon", decision.photon), ("GPU", decision.enable_gpu))
    label = " · ".join([size, _workers(decision), *(word for word, on in flags if on)])
    return (
        _frame(_Box(_INNER + 14, 154, 350, 92), filled=True)
        + _text(_INNER + 28, 174, decision.cluster_name, most=48, weight="bold")
        + _nodes(decision, _INNER + 28, 182)
        + _text(_INNER + 28, 220, label, most=52)
        + _text(_INNER + 28, 237, _subnets(decision), most=52)
    )


def _nodes(decision: InfrastructureDecision, x: float, y: float) -> str:
    """The driver, then the workers: those that always run in full lines, the others in broken ones."""
    drawn = [_node(x, y, dashed=False), _text(x + _NODE / 2, y + 14, "D", anchor="middle")]
    squares = min(decision.max_workers, _MOST_NODES)
    drawn += [_node(x + (at + 1) * (_NODE + 6) + 6, y, dashed=at >= decision.min_workers) for at in range(squares)]
    if decision.max_workers > squares:
        drawn.append(_text(x + (squares + 1) * (_NODE + 6) + 12, y + 14, f"+{decision.max_workers - squares}"))
    return "".join(drawn)


def _node(x: float, y: float, *, dashed: bool) -> str:
    broken = ' stroke-dasharray="3 2"' if dashed else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{_NODE}" height="{_NODE}" rx="3"{broken}/>'


def _subnets(decision: InfrastructureDecision) -> str:
    details = decision.network_details
    if details is None:
        return SAYS("diagram.stops", version=decision.spark_version, minutes=decision.autotermination_minutes)
    host = details.existing_host_subnet_name or details.host_subnet_prefix
    container = details.existing_container_subnet_name or details.container_subnet_prefix
    return SAYS("diagram.subnets", host=host, container=container)


def _standing(decision: InfrastructureDecision) -> list[str]:
    """What stands beside the network: storage always, logs and budget where there are any."""
    firewall = SAYS("diagram.firewall") if decision.storage_firewall else ""
    labels = [SAYS("diagram.storage", sku=decision.storage_sku.removeprefix("Standard_"), firewall=firewall)]
    if decision.diagnostics:
        labels.append(SAYS("diagram.logs"))
    if decision.monthly_limit is not None:
        labels.append(SAYS("diagram.budget", limit=decision.monthly_limit, currency=decision.currency))
    return labels


def _foot(decision: InfrastructureDecision, top: float) -> list[str]:
    labels, gap = _standing(decision), 12
    width = (_RIGHT - _INNER - 16 - gap * (len(labels) - 1)) / len(labels)
    return [_chip(_Box(_INNER + number * (width + gap), top, width, 46), label) for number, label in enumerate(labels)]


def _chip(box: _Box, label: str, *, colour: str | None = None) -> str:
    most = int((box.width - 16) / _CHARACTER)
    middle = box.x + box.width / 2
    words = _text(middle, box.y + box.height / 2 + 4, label, anchor="middle", most=most)
    return _frame(box, colour=colour, filled=True) + words


def _frame(box: _Box, *, colour: str | None = None, dashed: bool = False, filled: bool = False) -> str:
    looks = [f'stroke="{colour}"'] if colour else []
    if dashed:
        looks.append('stroke-dasharray="6 4"')
    if filled:
        looks.append(f'fill="{colour or "currentColor"}" fill-opacity="0.08"')
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="8"'
    return f"<rect {' '.join([place, *looks])}/>"


def _arrow(x: float, top: float, bottom: float) -> str:
    return f'<path d="M{x:g} {top:g}V{bottom - 6:g}" stroke-width="1.5"/>{_head(x, bottom, "down")}'


def _head(x: float, y: float, way: str) -> str:
    steps = "l-8 -5v10z" if way == "right" else "l-5 -8h10z"
    return f'<path d="M{x:g} {y:g}{steps}" fill="currentColor"/>'


def _text(x: float, y: float, label: str, *, anchor: str = "start", most: int = 200, weight: str = "normal") -> str:
    text = label if len(label) <= most else f"{label[: most - 1]}…"
    looks: Sequence[str] = [
        f'text-anchor="{anchor}"' if anchor != "start" else "",
        f'font-weight="{weight}"' if weight != "normal" else "",
    ]
    extra = "".join(f" {look}" for look in looks if look)
    return f'<text x="{x:g}" y="{y:g}" fill="currentColor" stroke="none"{extra}>{escape(text)}</text>'
