"""How soon a platform may be written to again."""

import pytest

from agent.channels.messaging.pacing import Pacer, Window
from agent.channels.messaging.port import Pace

PACE = Pace(place_posts=(1, 1.0), all_posts=(50, 1.0), place_edits=(7, 1.0), all_edits=(50, 60.0))


def edits(pacer: Pacer, *, leisurely: bool, now: float, most: int = 1_000) -> int:
    """How many different messages may be edited at that moment, one after another, each in a place of its own."""
    done = 0
    while done < most and pacer.wait("edit", f"p{done}", done, leisurely=leisurely, now=now) == 0:
        pacer.did("edit", f"p{done}", done, now=now)
        done += 1
    return done


def test_a_window_lets_so_many_through_and_then_one_as_each_grows_old() -> None:
    window = Window(2, 10.0)
    window.calls.extend((0.0, 4.0))
    assert window.wait(5.0) == 5.0
    assert window.wait(10.0) == 0.0


def test_posts_of_one_place_keep_their_distance_and_of_another_do_not() -> None:
    pacer = Pacer(PACE)
    pacer.did("post", "here", 1, now=0.0)
    assert pacer.wait("post", "here", 2, leisurely=False, now=0.4) == 0.6
    assert pacer.wait("post", "there", 3, leisurely=False, now=0.4) == 0.0


def test_progress_leaves_room_for_what_ends_something() -> None:
    """Of 50 edits a minute progress takes 40; a decision still goes at once."""
    pacer = Pacer(PACE)
    assert edits(pacer, leisurely=True, now=0.0) == 40
    assert pacer.wait("edit", "end", 999, leisurely=True, now=1.0) == 59.0
    assert pacer.wait("edit", "end", 999, leisurely=False, now=1.0) == 0.0


def test_one_message_is_edited_every_two_seconds_at_most_unless_it_ends() -> None:
    pacer = Pacer(PACE)
    pacer.did("edit", "here", 1, now=0.0)
    assert pacer.wait("edit", "here", 1, leisurely=True, now=0.5) == 1.5
    assert pacer.wait("edit", "here", 1, leisurely=False, now=0.5) == 0.0


def test_what_the_platform_asks_to_wait_for_holds_there_or_everywhere() -> None:
    pacer = Pacer(PACE)
    pacer.hold("here", 30.0)
    assert pacer.wait("post", "here", 1, leisurely=False, now=0.0) == 30.0
    assert pacer.wait("post", "there", 2, leisurely=False, now=0.0) == 0.0
    pacer.hold("", 10.0)
    assert pacer.wait("post", "there", 2, leisurely=False, now=0.0) == 10.0


def test_what_is_long_past_is_forgotten_and_holds_nobody_up() -> None:
    pacer = Pacer(PACE)
    for number in range(2_500):
        pacer.did("edit", f"p{number}", number, now=float(number))
    assert pacer.wait("edit", "p0", 0, leisurely=True, now=2_600.0) == 0.0


def test_a_place_rests_from_when_the_platform_had_answered() -> None:
    """A call that took long may have arrived only at its end."""
    pacer = Pacer(Pace(place_posts=(1, 1), all_posts=(50, 1), place_edits=(1, 1), all_edits=(50, 1)))
    pacer.did("post", "p", 1, now=10.0)
    pacer.landed("post", "p", began=10.0, now=10.7)
    assert pacer.wait("post", "p", 2, leisurely=False, now=11.0) == pytest.approx(0.7)
    assert pacer.wait("post", "other", 3, leisurely=False, now=11.0) == 0.0
