"""What a policy or preflight rule has to say."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["deny", "warn"]


class Finding(BaseModel):
    """One rule's verdict on one decision. A `deny` stops before Terraform; `remedy` says what to do instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    severity: Severity
    message: str
    remedy: str
