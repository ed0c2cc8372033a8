"""What every plan stands on: today's price tables, and the house's policy and rates."""

import hashlib
from pathlib import Path

from plugins import catalogue
from plugins.domain.platform_settings import PlatformSettings


def pricing_policy_digest_of(platform: PlatformSettings) -> str:
    """64 hex digits over them: a plan that was made on others is void."""
    hashed = hashlib.sha256()
    for table in sorted(Path(catalogue.__file__).parent.glob("*.csv")):
        hashed.update(table.read_bytes())
    for section in (platform.policy, platform.pricing):
        hashed.update(section.model_dump_json().encode())
    return hashed.hexdigest()
