"""Whether and where Azure itself is asked: what stands against a plan, and what was billed."""

from pydantic import Field

from plugins.domain.platform_settings import Section


class AzureSettings(Section):
    """`management_url` is the base of Resource Manager, Azure's own where it is not set. With `preflight` every plan is
    held against the subscription's sizes, quotas, names, policies and network first; a turn waits `preflight_seconds`
    at most for that. With `bills` the subscription's bill is read once a day. In the sandbox neither is, unless
    `brickie sandbox` was told of a quota, a restriction or a bill.
    """

    management_url: str | None = None
    preflight: bool = True
    preflight_seconds: float = Field(default=2.5, gt=0, le=30)
    bills: bool = True
