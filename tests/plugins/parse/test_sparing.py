"""What is to be left as it is is never what goes, stays longer or changes, in whatever words it is spared."""

from datetime import date

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

STANDS = ("dbw-churn-dev", "dbw-a-dev", "dbw-c-prod")
CONTEXT = Context(today=date(2026, 11, 30), workspaces=STANDS)
IN_SIGHT = Context(today=date(2026, 11, 30), workspaces=STANDS, spoken_of=1)


def named(understood: Understanding) -> list[str | None]:
    return [request.workspace_name for request in understood.requests]


@pytest.mark.parametrize("context", [CONTEXT, IN_SIGHT])
@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("delete all but dbw-churn-dev", "destroy"),
        ("delete everything but dbw-churn-dev", "destroy"),
        ("delete anything but dbw-churn-dev", "destroy"),
        ("delete anything other than dbw-churn-dev", "destroy"),
        ("delete all save dbw-churn-dev", "destroy"),
        ("delete all with the exception of dbw-churn-dev", "destroy"),
        ("delete those that aren't dbw-churn-dev", "destroy"),
        ("delete what isn't dbw-churn-dev", "destroy"),
        ("keep dbw-churn-dev, delete the rest", "destroy"),
        ("delete the rest, dbw-churn-dev stays", "destroy"),
        ("delete everything. dbw-churn-dev must stay.", "destroy"),
        ("delete everything, dbw-churn-dev must not be touched", "destroy"),
        ("delete all others, keep dbw-churn-dev", "destroy"),
        ("delete all and spare dbw-churn-dev", "destroy"),
        ("all but dbw-churn-dev can go", "destroy"),
        ("remove all others than dbw-churn-dev", "destroy"),
        ("delete all workspaces. keep dbw-churn-dev", "destroy"),
        ("please keep dbw-churn-dev and get rid of everything else", "destroy"),
        ("get rid of everything else, I need dbw-churn-dev", "destroy"),
        ("hands off dbw-churn-dev, delete the rest", "destroy"),
        ("dbw-churn-dev is sacred, delete the others", "destroy"),
        ("delete everything that isn't called dbw-churn-dev", "destroy"),
        ("destroy all, dbw-churn-dev excepted", "destroy"),
        ("destroy all workspaces, dbw-churn-dev is the exception", "destroy"),
        ("extend all but dbw-churn-dev by a week", "extend"),
        ("extend all apart from dbw-churn-dev by a week", "extend"),
        ("extend all others by a week, keep dbw-churn-dev as it is", "extend"),
        ("set all but dbw-churn-dev to 4 workers", "amend"),
        ("use 4 workers on everything except dbw-churn-dev", "amend"),
        ("use 4 workers on all workspaces except dbw-churn-dev", "amend"),
        ("turn off photon on all others, keep it on dbw-churn-dev", "amend"),
        ("double the workers of all but dbw-churn-dev", "amend"),
        ("export all but dbw-churn-dev", "export"),
    ],
)
def test_all_but_one_is_of_the_others(text: str, act: str, context: Context) -> None:
    understood = understand(text, context)
    assert (understood.act, {*named(understood)} - {None}) == (act, set())
    assert understood.selection is not None
    assert understood.selection.names == ()
    assert understood.selection.excluded == (("workspace_name", "dbw-churn-dev"),)


@pytest.mark.parametrize(
    "text",
    [
        "delete whatever but not dbw-churn-dev",
        "spare dbw-churn-dev, delete nothing",
        "all right, spare dbw-churn-dev, delete nothing",
        "don't delete anything but dbw-churn-dev",
        "keep all but dbw-churn-dev",
    ],
)
def test_where_nothing_says_that_the_others_go_nothing_does(text: str) -> None:
    assert understand(text, CONTEXT).act == "unclear"


@pytest.mark.parametrize("text", ["keep it, delete the rest", "delete everything but it", "delete all but this one"])
def test_what_is_pointed_at_is_spared(text: str) -> None:
    understood = understand(text, Context(today=CONTEXT.today, workspaces=STANDS, spoken_of=1))
    excluded = understood.selection.excluded if understood.selection else ()
    assert (understood.act, excluded) == ("destroy", (("workspace_name", STANDS[0]),))
    assert understand(text, CONTEXT).act == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "everything is fine but dbw-churn-dev can go",
        "all good but dbw-churn-dev can go",
        "everything works, but dbw-churn-dev is no longer needed",
        "delete nothing but dbw-churn-dev",
        "don't keep dbw-churn-dev, delete it",
        "we can't keep dbw-churn-dev, delete it",
        "we can live without dbw-churn-dev, delete it",
        "sorry but dbw-churn-dev: delete it",
        "i want dbw-churn-dev gone, that's all",
        "delete dbw-churn-dev, that's all",
        "delete dbw-churn-dev, the rest stays",
        "keep the others, delete dbw-churn-dev",
        "delete dbw-churn-dev, not the others",
        "nothing but dbw-churn-dev should be deleted",
        "all the others are fine, delete dbw-churn-dev",
        "the others can stay but delete dbw-churn-dev",
        "don't touch the others, delete dbw-churn-dev",
        "delete dbw-churn-dev but leave everything else as is",
        "we want dbw-churn-dev gone",
        "delete dbw-churn-dev, keep dbw-a-dev",
        "delete dbw-churn-dev, dbw-a-dev stays",
    ],
)
def test_what_is_named_to_go_goes_alone(text: str) -> None:
    understood = understand(text, CONTEXT)
    assert (understood.act, named(understood)) == ("destroy", ["dbw-churn-dev"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("keep dbw-churn-dev until friday", ["dbw-churn-dev"]),
        ("keep dbw-churn-dev another week", ["dbw-churn-dev"]),
        ("leave dbw-churn-dev running until friday", ["dbw-churn-dev"]),
        ("keep dbw-churn-dev and dbw-a-dev until friday", ["dbw-churn-dev", "dbw-a-dev"]),
        ("extend dbw-churn-dev by a week, leave the others", ["dbw-churn-dev"]),
        ("keep dbw-churn-dev until friday, delete the rest", ["dbw-churn-dev"]),
    ],
)
def test_what_is_kept_for_a_time_is_what_is_extended(text: str, names: list[str]) -> None:
    understood = understand(text, CONTEXT)
    assert (understood.act, named(understood)) == ("extend", names)


@pytest.mark.parametrize("text", ["delete all but prod", "keep prod, delete the rest"])
def test_an_environment_is_spared_as_a_name_is(text: str) -> None:
    understood = understand(text, CONTEXT)
    assert understood.selection is not None
    assert (understood.act, understood.selection.excluded) == ("destroy", (("environment", "prod"),))


def test_the_other_one_is_one() -> None:
    understood = understand("delete the other one, not dbw-churn-dev", CONTEXT)
    assert understood.selection is not None
    assert (understood.act, understood.selection.is_one) == ("destroy", True)
    assert understood.selection.excluded == (("workspace_name", "dbw-churn-dev"),)


@pytest.mark.parametrize(
    "text",
    [
        "delete dbw-churn-dev and the others",
        "delete the others and dbw-churn-dev",
        "delete the others, dbw-churn-dev too",
    ],
)
def test_what_goes_with_the_others_is_not_spared(text: str) -> None:
    assert named(understand(text, CONTEXT)) == ["dbw-churn-dev"]
