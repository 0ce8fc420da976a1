"""A deadline for a call as a whole: its answer, its error, or an end to waiting."""

import contextvars
import threading

import pytest

from s1ratio.adapters.deadline import within

WHO = contextvars.ContextVar("who", default="nobody")


def test_an_answer_in_time_is_returned_and_an_error_raised() -> None:
    assert within(10, lambda: 7) == 7
    assert within(10, lambda: None) is None
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 / 0)


def test_a_call_that_takes_too_long_is_left_alone() -> None:
    release, ended = threading.Event(), threading.Event()

    def call() -> None:
        release.wait(30)
        ended.set()

    with pytest.raises(TimeoutError, match="in time"):
        within(0.05, call)
    assert not ended.is_set()
    release.set()
    assert ended.wait(10)


def test_the_call_knows_what_its_caller_knows() -> None:
    WHO.set("me")
    assert within(10, WHO.get) == "me"
