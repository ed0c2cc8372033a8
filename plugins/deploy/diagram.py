"""A small picture of a workspace's architecture, as SVG and as text. Pure; every label is escaped."""

from html import escape

from plugins.domain.decision import InfrastructureDecision

_WIDTH, _ROW, _PAD = 420, 34, 12


def diagram(decision: InfrastructureDecision) -> str:
    """SVG: the resource group as a frame, what lies in it as boxes. Colours come from the page's text colour."""
    boxes = _boxes(decision)
    height = _PAD * 3 + _ROW * len(boxes) + 14
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-label="{escape(f"Architecture of {decision.workspace_name}", quote=True)}"'
        ' font-family="sans-serif" font-size="12" fill="none" stroke="currentColor">'
    )
    parts = [
        opening,
        f'<rect x="1" y="1" width="{_WIDTH - 2}" height="{height - 2}" rx="8" stroke-dasharray="4 3"/>',
        _text(_PAD, 20, f"{decision.resource_group_name} ({decision.region})"),
    ]
    for number, (indent, label) in enumerate(boxes):
        x, y = _PAD + indent * 20, 30 + number * _ROW
        parts.append(f'<rect x="{x}" y="{y}" width="{_WIDTH - _PAD - x}" height="{_ROW - 8}" rx="5"/>')
        parts.append(_text(x + 10, y + 17, label))
    return "".join([*parts, "</svg>"])


def diagram_text(decision: InfrastructureDecision) -> str:
    """The same as indented lines."""
    lines = [f"{decision.resource_group_name} ({decision.region})"]
    lines += [f"{'  ' * indent}└ {label}" for indent, label in _boxes(decision)]
    return "\n".join(lines)


def _boxes(decision: InfrastructureDecision) -> list[tuple[int, str]]:
    """Indent and label, top to bottom."""
    details = decision.network_details
    if details is None:
        network = "managed network, NAT gateway"
    else:
        space = details.address_space or "existing"
        network = f"VNet {space}{', NAT gateway' if details.nat_gateway else ''}"
    size = decision.worker_instance_type.removeprefix("Standard_")
    counts = dict.fromkeys((decision.min_workers, decision.max_workers))
    workers = "single node" if decision.single_node else f"{' to '.join(map(str, counts))} workers"
    boxes = [(0, network), (1, f"workspace {decision.workspace_name}"), (2, f"cluster {size}, {workers}")]
    if decision.network == "private_link":
        boxes.insert(1, (1, "private endpoints: UI and API, sign-in"))
    if decision.diagnostics:
        boxes.append((0, "Log Analytics"))
    return boxes


def _text(x: int, y: int, label: str) -> str:
    return f'<text x="{x}" y="{y}" fill="currentColor" stroke="none">{escape(label)}</text>'
