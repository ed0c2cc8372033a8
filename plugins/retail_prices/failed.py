"""Why a price list was not read."""

from plugins.domain.errors import InfraError


class PriceListFailed(InfraError, RuntimeError):
    """The list could not be read to its end; `problem` is a clause that a plan can show."""

    code = "prices"
