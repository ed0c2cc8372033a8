"""What ties the verbs of one capability together, as its users know it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CapabilityContext:
    """`parameters` holds either `text` (a sentence) or the fields of an InfrastructureRequest."""

    parameters: dict[str, object] = field(default_factory=dict[str, object])
    user_id: str = ""
    session_id: str = ""
