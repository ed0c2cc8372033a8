"""A value that takes a while to make is made once, and a failure is not kept."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugins.deploy.terraform.once import Once

pytestmark = pytest.mark.integration


def test_all_who_ask_at_once_get_what_the_first_has_made() -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.02)
        made.append(len(made))
        return made[-1]

    once = Once(make)
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(once) for _ in range(4)]
        assert [one.result() for one in asked] == [0, 0, 0, 0]
    assert made == [0]


def test_what_could_not_be_made_is_tried_again() -> None:
    left = [OSError("away")]

    def make() -> str:
        if left:
            raise left.pop()
        return "there"

    once = Once(make)
    with pytest.raises(OSError, match="away"):
        once()
    assert once() == "there"
