"""The order in which the fields are read: what is shaped like nothing else first, what resembles most last."""

from datetime import date

from plugins.parse.fields import extras, kind, machine, money, people, place, size, team
from plugins.parse.reading import Notes, Reading


def read(text: str, *, today: date | None = None) -> tuple[Notes, Reading]:
    """Everything that the text says of one workspace, and what is left of it."""
    reading, notes = Reading(text), Notes()
    people.tags(reading, notes)
    people.owner(reading, notes)
    people.cost_center(reading, notes)
    people.workspace_name(reading, notes)
    team.team(reading, notes)
    nameless = reading.text
    place_and_numbers(reading, notes, today)
    kind.environment(reading, notes)
    machine.network(reading, notes)
    machine.spot(reading, notes)
    machine.photon(reading, notes)
    kind.workload(reading, notes)
    kind.mistyped_workload(reading, notes)
    team.for_somebody(reading, notes)
    team.positional(reading, notes)
    kind.workload_of_team(notes)
    extras.extras(text, nameless, notes)
    return notes, reading


def place_and_numbers(reading: Reading, notes: Notes, today: date | None) -> None:
    """Region before numbers ("east us 2"), then money and time; sizes and GPUs before the workers that are
    counted across them ("8 D8s_v5 workers").
    """
    place.region(reading, notes)
    money.money(reading, notes)
    size.hours(reading, notes)
    size.expiry(reading, notes, today)
    machine.node_type(reading, notes)
    machine.gpu(reading, notes)
    size.workers(reading, notes)
