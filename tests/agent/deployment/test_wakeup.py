"""Threads that look for work now and then: woken for what is ordered here, and let rest where all is heard of."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.deployment.wakeup import WakeSignal

pytestmark = pytest.mark.integration


def test_a_wait_of_no_time_rests_until_it_is_woken_where_every_change_is_heard_of() -> None:
    stop, signal = threading.Event(), WakeSignal(at_least=60)
    signal.attend(stop)
    with ThreadPoolExecutor(1) as thread:
        waits = thread.submit(stop.wait, 0.0)
        with pytest.raises(TimeoutError):
            waits.result(0.05)
        signal.wake()
        assert waits.result(20) is False


def test_a_wake_that_comes_before_the_wait_ends_it_and_a_stop_is_one() -> None:
    stop, signal = threading.Event(), WakeSignal(at_least=60)
    signal.attend(stop)
    signal.wake()
    assert stop.wait(0.0) is False
    stop.set()
    assert stop.wait(0.0) is True


def test_what_a_look_after_a_wake_could_not_do_is_tried_once_more_before_the_thread_rests() -> None:
    """A queue that was locked when it was looked at; nobody tells of that."""
    stop, signal = threading.Event(), WakeSignal(at_least=60)
    signal.attend(stop)
    signal.wake()

    def looks() -> list[bool]:
        return [stop.wait(0.0) for _ in range(2)]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(looks).result(20) == [False, False]
        rests = thread.submit(stop.wait, 0.0)
        with pytest.raises(TimeoutError):
            rests.result(0.05)
        stop.set()
        assert rests.result(20) is True


def test_only_those_who_are_named_are_woken() -> None:
    stop, signal = threading.Event(), WakeSignal(at_least=60)
    signal.attend(stop)
    with ThreadPoolExecutor(1, "plans") as plans, ThreadPoolExecutor(1, "applies") as applies:
        waits = plans.submit(stop.wait, 0.0), applies.submit(stop.wait, 0.0)
        signal.wake({"plans_0"})
        assert waits[0].result(20) is False
        with pytest.raises(TimeoutError):
            waits[1].result(0.05)
        stop.set()
        assert waits[1].result(20) is True
