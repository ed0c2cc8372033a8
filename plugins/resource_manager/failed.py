"""Why Azure Resource Manager gave no answer."""

from plugins.domain.errors import InfraError
from plugins.resource_manager.sentences import SAYS


class NotAnswered(InfraError, RuntimeError):
    """`problem` is a clause that a plan can show; `status` the HTTP status, 0 for none; `wait` the seconds after which
    Azure wants to be asked again, 0 where it did not say.
    """

    code = "azure"
    status = 0
    wait = 0.0


def not_answered(what: str, problem: str, *, status: int = 0, wait: float = 0.0) -> NotAnswered:
    """The error; `what` was asked for, `problem` is the clause."""
    error = SAYS.error(NotAnswered, "failed", retryable=True, what=what, problem=problem)
    error.status, error.wait = status, wait
    return error


def without_sign_in() -> NotAnswered:
    """That nobody is signed in who could ask."""
    return not_answered("a sign-in", SAYS("problem.no_sign_in"))
