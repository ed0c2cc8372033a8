"""The order in which the fields are read: what is shaped like nothing else first, what resembles most last."""

from collections.abc import Collection
from datetime import date

from plugins.parse.fields import counts, ellipsis, environment, machine, money, people, place, team, times, workload
from plugins.parse.page import Page


def read_mentions(page: Page, today: date, teams: Collection[str] = ()) -> None:
    """Everything that the page says of any field; `teams` are those that something is drafted for.

    Names before places ("London Markets team"), places before numbers ("east us 2"), money and time before the
    workers that they resemble; what a table knows after the names that may hold its words.
    """
    if teams:
        team.drafted(page, teams)
    words = team.TeamWords(page)
    team.keyed(page)
    people.people(page)
    machine.sizes(page)
    team.listed(words)
    team.teams(words)
    team.beneficiaries(words)
    place.places(page)
    money.money(page)
    times.hours(page)
    times.expiry(page, today)
    counts.workers(page)
    ellipsis.elided(page)
    ellipsis.beside(page)
    machine.flags(page)
    ellipsis.refused(page)
    environment.environments(page)
    workload.workloads(page)
    # Last: it takes for a name what nobody else has taken.
    team.leftovers(words)
