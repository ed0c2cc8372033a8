"""Who somebody in Slack is, as Slack itself says, and what they may do by the settings.

Slack is asked (`users.info`, and the members of the groups that the settings name) and what it said holds for minutes:
an account that is switched off is refused after that time at the latest.
https://docs.slack.dev/reference/objects/user-object (read 2026-11-29).
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from agent.channels.slack.deliveries import Fields, list_in, part_of, text_in
from agent.channels.slack.web_api import SlackRefused
from plugins.domain.person import Person

PERSON_SECONDS, GROUP_SECONDS = 600.0, 300.0
ASK_SECONDS = 2.0
"""Slack repeats what is not acknowledged in 3 seconds: whoever cannot be looked up sooner is so at the repeat."""

_MOST_KNOWN = 20_000
EVERYBODY = "*"
"""In the roles of the settings: every full member of the workspaces that are served."""


class Directory(Protocol):
    """Slack's Web API, as far as this needs it."""

    async def look(self, method: str, arguments: Mapping[str, str]) -> Fields: ...


@dataclass(frozen=True)
class Turned:
    """Not served: `why` is a key of slack.room; None for those who get no word, which would only answer a bot."""

    why: str | None


class CannotTell(Exception):
    """Slack could not say in time who that is: to be asked again."""


class People:
    """`roles` maps a person's id, a group's id, a confirmed e-mail address or EVERYBODY to roles; `teams` are the
    workspaces that are served, none when it is empty. `clock` gives seconds.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        teams: tuple[str, ...],
        roles: Mapping[str, tuple[str, ...]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._teams = teams
        self._roles = roles
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Person | Turned]] = {}
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[Person | Turned]] = {}

    async def who(self, team: str, user: str) -> Person | Turned:
        """Raises CannotTell."""
        if user == "USLACKBOT":
            return Turned(None)
        if team not in self._teams and user not in self._roles:
            return Turned("refused_team" if team else None)
        known = self._known.get((team, user))
        if known is not None and self._clock() - known[0] < PERSON_SECONDS:
            return known[1]
        # One question for all who wait for the answer; it goes on when the first of them has waited long enough.
        task = self._asking.get((team, user))
        if task is None:
            task = self._asking[team, user] = asyncio.create_task(self._asked(team, user))
            task.add_done_callback(lambda _: self._asking.pop((team, user), None))
        done, _ = await asyncio.wait({task}, timeout=ASK_SECONDS)
        if not done:
            raise CannotTell
        return task.result()

    def forget(self) -> None:
        """What is known is asked anew."""
        self._known.clear()
        self._groups.clear()

    async def _asked(self, team: str, user: str) -> Person | Turned:
        try:
            account = part_of(await self._directory.look("users.info", {"user": user}), "user")
            person = await self._judged(team, user, account)
        except SlackRefused as refused:
            if refused.error in ("user_not_found", "user_not_visible"):
                return Turned("refused_guest")
            raise CannotTell from refused
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[team, user] = (self._clock(), person)
        return person

    async def _judged(self, team: str, user: str, account: Fields) -> Person | Turned:
        if account.get("is_bot") or account.get("is_workflow_bot") or account.get("deleted"):
            return Turned(None)
        named = user in self._roles
        stranger = account.get("is_stranger") or text_in(account, "team_id") not in self._teams
        if not named and (stranger or account.get("is_restricted") or account.get("is_ultra_restricted")):
            return Turned("refused_guest")
        if account.get("is_email_confirmed") is False:
            return Turned("refused_unconfirmed")
        profile = part_of(account, "profile")
        # An address counts only where Slack says that it was confirmed: where it says nothing there is none.
        email = text_in(profile, "email") if account.get("is_email_confirmed") is True else ""
        roles = await self._roles_of(user, email, is_member=not stranger)
        if not roles:
            return Turned("refused_role")
        name = text_in(profile, "real_name") or text_in(account, "real_name") or text_in(account, "name") or user
        return Person(id=user, name=name, roles=roles, issuer=f"slack:{team}", email=email or None)

    async def _roles_of(self, user: str, email: str, *, is_member: bool) -> tuple[str, ...]:
        keys = [user, *([EVERYBODY] if is_member else [])]
        folded = {key.casefold(): key for key in self._roles if "@" in key}
        if email.casefold() in folded:
            keys.append(folded[email.casefold()])
        roles = [role for key in keys for role in self._roles.get(key, ())]
        for group in (key for key in self._roles if key.startswith("S")):
            if user in await self._members(group):
                roles += self._roles[group]
        return tuple(dict.fromkeys(roles))

    async def _members(self, group: str) -> frozenset[str]:
        known = self._groups.get(group)
        if known is not None and self._clock() - known[0] < GROUP_SECONDS:
            return known[1]
        listed = await self._directory.look("usergroups.users.list", {"usergroup": group})
        members = frozenset(map(str, list_in(listed, "users")))
        self._groups[group] = (self._clock(), members)
        return members
