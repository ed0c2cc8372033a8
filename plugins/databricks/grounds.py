"""What every plan stands on: today's price tables, and the house's policy and rates."""

import hashlib
from pathlib import Path

from plugins import catalogue
from plugins.domain.house import House


def grounds_of(house: House) -> str:
    """64 hex digits over them: a plan that was made on others is void."""
    hashed = hashlib.sha256()
    for table in sorted(Path(catalogue.__file__).parent.glob("*.csv")):
        hashed.update(table.read_bytes())
    for section in (house.policy, house.pricing):
        hashed.update(section.model_dump_json().encode())
    return hashed.hexdigest()
