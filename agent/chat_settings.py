"""The sections of the settings that chat platforms have."""

from pydantic import Field

from plugins.domain.platform_settings import Section


class NotifySettings(Section):
    """What people on chat platforms are told unasked, unless they choose otherwise ("notify"): with `digest` once a
    day, at `digest_hour` (UTC), what waits for them, expires or drifted; nothing when nothing does.
    """

    digest: bool = True
    digest_hour: int = Field(default=7, ge=0, le=23)
