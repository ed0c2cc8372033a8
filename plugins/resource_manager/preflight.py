"""Everything that a plan is checked against, asked for side by side and within some seconds.

A look-up that takes longer than its turn may wait goes on behind it, and what it brings is there for the next turn.
Nothing is asked twice within a short while: people change a draft several times in a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, TypeVar, cast

from plugins.domain.azure_facts import AzureFacts, FactsWanted, LookUp, RegionFacts, Unanswered, VirtualNetwork
from plugins.resource_manager import look_ups
from plugins.resource_manager.client import ResourceManager
from plugins.resource_manager.failed import NotAnswered, not_answered
from plugins.resource_manager.sentences import SAYS

BEHIND_SECONDS = 30.0
"""A look-up goes on so long behind its turn, and not for ever."""

KEPT_SECONDS: Mapping[LookUp, float] = {"sizes": 600.0, "provider": 600.0, "policies": 600.0}
"""What changes rarely is asked again after ten minutes, the rest (what is used, what stands) after `_SHORT`."""

_SHORT = 20.0
_NOT_FOUND = 404

_COMPUTE = "/providers/Microsoft.Compute"
_VERSIONS: Mapping[LookUp, str] = {
    "sizes": "2021-07-01",
    "quota": "2024-07-01",
    "workspaces": "2026-01-01",
    "groups": "2021-04-01",
    "provider": "2021-04-01",
    "policies": "2022-06-01",
    "network": "2024-05-01",
    "deleted_logs": "2023-09-01",
}
"""API versions: azure-mgmt-compute 39.0.0 and azure-mgmt-databricks 3.0.0 for the first and third, the others' public
reference pages (learn.microsoft.com/rest/api, as remembered on 2026-11-30).
"""

T = TypeVar("T")
_Key = tuple[LookUp, str]


@dataclass
class _LookUpTask:
    """One look-up: the task that asks, and since when (monotonic seconds) its answer is known."""

    task: "asyncio.Task[Any]"
    since: float | None = field(default=None)


class PreflightReader:
    """Reads what a subscription says, through a client. `close` ends what is under way. With `forgets` everything is
    asked anew each time, as a subscription may be told something between two turns. `fault_of` logs what we did wrong
    and gives the id by which it is found there; without it that is raised.
    """

    def __init__(
        self,
        client: ResourceManager,
        subscription: str | None,
        *,
        forgets: bool = False,
        clock: Callable[[], float] = monotonic,
        fault_of: Callable[[BaseException], str] | None = None,
    ) -> None:
        self._client = client
        self._subscription = subscription
        self._forgets = forgets
        self._clock = clock
        self._fault_of = fault_of
        self._kept: dict[_Key, _LookUpTask] = {}

    async def facts(self, wanted: FactsWanted, *, seconds: float) -> AzureFacts:
        """What was answered within that time; the rest is `unanswered`, with why."""
        tasks = {key: self._task(key) for key in _keys(wanted)}
        if tasks:
            await asyncio.wait(tasks.values(), timeout=seconds)
        answers = {key: _answer(task, seconds) for key, task in tasks.items()}
        return _facts(wanted, answers)

    async def close(self) -> None:
        tasks = [kept.task for kept in self._kept.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.close()

    def _task(self, key: _Key) -> "asyncio.Task[Any]":
        kept = self._kept.get(key)
        if kept is None or self._is_old(key, kept):
            kept = self._kept[key] = _LookUpTask(asyncio.create_task(self._within(key)))
            kept.task.add_done_callback(partial(self._known, kept))
        return kept.task

    def _known(self, kept: _LookUpTask, task: "asyncio.Task[Any]") -> None:
        # What failed is asked again by the next turn; reading the exception here keeps it out of the log.
        failed = task.cancelled() or task.exception() is not None
        kept.since = float("-inf") if failed else self._clock()

    def _is_old(self, key: _Key, kept: _LookUpTask) -> bool:
        if kept.since is None:
            return False
        return self._forgets or self._clock() - kept.since > KEPT_SECONDS.get(key[0], _SHORT)

    async def _within(self, key: _Key) -> object:
        what = f"{key[0]} {key[1]}".strip()
        try:
            async with asyncio.timeout(BEHIND_SECONDS):
                return await self._ask(key)
        except TimeoutError as error:
            raise not_answered(what, SAYS("problem.slow", seconds=f"{BEHIND_SECONDS:g}")) from error
        except (look_ups.Odd, ValueError) as error:
            raise not_answered(what, SAYS("problem.odd")) from error
        except NotAnswered:
            raise
        except Exception as error:  # no plan is lost because it could not be held against Azure
            if self._fault_of is None:
                raise
            raise not_answered(what, SAYS("problem.fault", fault=self._fault_of(error))) from error

    def _ask(self, key: _Key) -> Awaitable[object]:
        if self._subscription is None:
            raise not_answered(key[0], SAYS("problem.no_subscription"))
        look_up, of = key
        below = f"/subscriptions/{self._subscription}"
        asks: Mapping[LookUp, Callable[[], Awaitable[object]]] = {
            "sizes": lambda: self._sizes(f"{below}{_COMPUTE}/skus", of),
            "quota": lambda: self._list("quota", f"{below}{_COMPUTE}/locations/{of}/usages", look_ups.quotas_in),
            "workspaces": lambda: self._list(
                "workspaces", f"{below}/providers/Microsoft.Databricks/workspaces", look_ups.workspaces_in
            ),
            "groups": lambda: self._list("groups", f"{below}/resourcegroups", look_ups.names_in),
            "provider": lambda: self._provider(f"{below}/providers/Microsoft.Databricks"),
            "policies": lambda: self._policies(f"{below}/providers/Microsoft.Authorization/policyAssignments"),
            "deleted_logs": lambda: self._list(
                "deleted_logs",
                f"{below}/providers/Microsoft.OperationalInsights/deletedWorkspaces",
                look_ups.names_in,
            ),
            "network": lambda: self._network(of),
        }
        return asks[look_up]()

    async def _sizes(self, path: str, region: str) -> object:
        query = {"api-version": _VERSIONS["sizes"], "$filter": f"location eq '{region}'"}
        return look_ups.sizes_in(await self._client.rows(path, query, what="sizes"), region)

    async def _list(self, look_up: LookUp, path: str, made: Callable[[list[dict[str, Any]]], T]) -> T:
        query = {"api-version": _VERSIONS[look_up]}
        return made(await self._client.rows(path, query, what=look_up))

    async def _policies(self, path: str) -> object:
        query = {"api-version": _VERSIONS["policies"], "$filter": "atScope()"}  # without it those of single groups, too
        return look_ups.assignments_in(await self._client.rows(path, query, what="policies"))

    async def _provider(self, path: str) -> bool:
        answer = await self._client.get(path, {"api-version": _VERSIONS["provider"]}, what="provider")
        return look_ups.is_registered(answer.body)

    async def _network(self, network_id: str) -> VirtualNetwork:
        try:
            answer = await self._client.get(network_id, {"api-version": _VERSIONS["network"]}, what="network")
        except NotAnswered as error:
            if error.status == _NOT_FOUND:
                return VirtualNetwork(id=network_id.casefold(), exists=False)
            raise
        return look_ups.network_in(answer.body)


_OF_SUBSCRIPTION: tuple[LookUp, ...] = ("workspaces", "groups", "provider", "policies", "deleted_logs")


def _keys(wanted: FactsWanted) -> Iterable[_Key]:
    for region in wanted.regions:
        yield ("sizes", region)
        yield ("quota", region)
    for region in wanted.near:
        yield ("quota", region)
    for look_up in _OF_SUBSCRIPTION:
        yield (look_up, "")
    for network in wanted.networks:
        yield ("network", network)


def _answer(task: "asyncio.Task[Any]", seconds: float) -> object:
    """What it brought, or why it brought nothing, as a text."""
    if not task.done():
        return _Problem(SAYS("problem.slow", seconds=f"{round(seconds, 1):g}"))
    error = None if task.cancelled() else task.exception()
    if isinstance(error, NotAnswered):
        return _Problem(error.problem.rstrip("."))
    if error is not None:
        raise error
    return _Problem(SAYS("problem.unreachable")) if task.cancelled() else task.result()


@dataclass(frozen=True)
class _Problem:
    why: str


def _facts(wanted: FactsWanted, answers: Mapping[_Key, object]) -> AzureFacts:
    problems = tuple(
        Unanswered(look_up=key[0], region=key[1] if key[0] in ("sizes", "quota") else "", why=answer.why)
        for key, answer in answers.items()
        if isinstance(answer, _Problem)
    )

    def known(look_up: LookUp, of: str = "") -> Any:
        answer = answers.get((look_up, of))
        return None if isinstance(answer, _Problem) else answer

    regions = {
        name: RegionFacts(region=name, sizes=known("sizes", name), quotas=known("quota", name))
        for name in (*wanted.regions, *wanted.near)
    }
    policies = cast("tuple[Any, tuple[str, ...]] | None", known("policies"))
    return AzureFacts(
        is_wanted=True,
        regions=regions,
        workspaces=known("workspaces"),
        groups=known("groups"),
        is_registered=known("provider"),
        policies=None if policies is None else policies[0],
        unread_policies=() if policies is None else policies[1],
        networks={name.casefold(): found for name in wanted.networks if (found := known("network", name)) is not None},
        deleted_logs=known("deleted_logs"),
        unanswered=problems,
    )
