"""The settings of running it: what is looked after, what is kept, who watches."""

from pydantic import Field, SecretStr

from plugins.domain.platform_settings import Section


class RecordsSettings(Section):
    """`keep_days`: conversations that nobody spoke on for so long leave the tables for files below BRICKIE_HOME, once
    nothing alive hangs on them; nothing for keeping them for ever.
    """

    keep_days: int | None = Field(default=None, ge=1)


class UpkeepSettings(Section):
    """`sweep_seconds`: how often expiries are looked at. `drift_hours`: how often each workspace is held against its
    Terraform, 0 for never.
    """

    sweep_seconds: float = Field(default=60, gt=0)
    drift_hours: float = Field(default=24, ge=0)


class TelemetrySettings(Section):
    """`enabled` sends spans and counts to where the standard OTEL_EXPORTER_OTLP_* variables point; `sensitive` lets
    texts in. `metrics` shows the counts at /metrics: to whoever has the `metrics_token`, or, without one and without a
    public address, to this machine.
    """

    enabled: bool = False
    sensitive: bool = False
    metrics: bool = False
    metrics_token: SecretStr | None = None
