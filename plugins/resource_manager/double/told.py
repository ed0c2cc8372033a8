"""What `brickie sandbox quota`, `restrict` and `bill` told the sandbox's subscription, in one file below its home.

As shipped there is no such file: nothing is asked, nothing stands against anything, and there is no bill.
"""

import os
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plugins.private import private_folder, write_private


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToldQuota(_Told):
    region: str
    row: str
    limit: int
    used: int = 0


class ToldRestriction(_Told):
    size: str
    region: str = "*"
    zones: tuple[str, ...] = ()


class ToldBill(_Told):
    """`hours` have passed beyond those of the clock; what is billed is `factor` times the estimate, and on the last
    whole day `jump` times that.
    """

    hours: float = Field(default=0, ge=0)
    factor: Decimal = Decimal(1)
    jump: Decimal = Decimal(1)


class ToldSubscription(_Told):
    quotas: tuple[ToldQuota, ...] = ()
    restricted: tuple[ToldRestriction, ...] = ()
    taken: tuple[str, ...] = ()
    bill: ToldBill | None = None

    @property
    def restricts(self) -> bool:
        """Whether anything may stand against a plan."""
        return bool(self.quotas or self.restricted or self.taken)


def told_in(home: Path) -> ToldSubscription:
    """What was told there; nothing where the file is missing, or is none of ours."""
    try:
        return ToldSubscription.model_validate_json(_path(home).read_bytes())
    except (OSError, ValidationError):
        return ToldSubscription()


def tell(home: Path, told: ToldSubscription) -> None:
    """Keeps that in the place of what was told before; whoever reads meanwhile reads one of the two."""
    path = _path(home)
    fresh = private_folder(path.parent) / f".{path.name}.{os.getpid()}"
    write_private(fresh, told.model_dump_json(indent=1))
    fresh.replace(path)


def _path(home: Path) -> Path:
    return home.absolute() / "sandbox" / "azure.json"
