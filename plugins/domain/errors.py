"""The world misbehaved, or what came in cannot be used: errors whose words may reach a person.

An `InfraError` carries what was being done, what happened and what to try next, in words that are safe to
show. Foreign exceptions are translated into one of these at the rim; their own text is never shown.
"""


class InfraError(Exception):
    """`activity` ("planning workspace dbw-ml-dev"), `problem`, `remedy`; `retryable` when trying again may help."""

    code = "failed"

    def __init__(self, activity: str, problem: str, remedy: str, *, retryable: bool = False) -> None:
        super().__init__(f"{activity}: {problem} {remedy}".strip())
        self.activity = activity
        self.problem = problem
        self.remedy = remedy
        self.retryable = retryable


class InvalidRequest(InfraError, ValueError):
    """The request or the data given cannot be used as it is."""

    code = "invalid_request"


class CostLimitExceeded(InfraError, ValueError):
    """The expected month is above the limit that holds for it."""

    code = "cost_limit_exceeded"


class ConfigurationError(InfraError, ValueError):
    """Settings, tables or templates are missing or wrong."""

    code = "configuration"


class NotApproved(InfraError, RuntimeError):
    """Something was to be applied without a valid approval of exactly that plan."""

    code = "not_approved"


class ReadOnly(InfraError, RuntimeError):
    """Something was to be planned or changed where everything is only answered."""

    code = "read_only"


class DeploymentFailed(InfraError, RuntimeError):
    """Terraform, or the cloud behind it, refused or failed."""

    code = "deployment_failed"


class StateLost(DeploymentFailed):
    """The Terraform state of something that is deployed is missing or empty: a plan would make it a second time."""

    code = "state_lost"


class Cancelled(InfraError, RuntimeError):
    """A person stopped the work; what had been done by then is kept in the state."""

    code = "cancelled"
