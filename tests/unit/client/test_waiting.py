"""Waiting for a request: how often it is asked, what ends it, what is told meanwhile."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.client.jobs import Outcome
from s1ratio.client.waiting import Patience, Waiter
from s1ratio.errors import ServiceError, ServiceUnavailable, UnknownRecord
from s1ratio.faults import Fault
from s1ratio.ports.service import Query, Told
from tests.contract.records import NOW

_UNKNOWN = UnknownRecord([Fault("", "unknown", "no job r1 is known")])


def _task(state: str, **changes: Any) -> dict[str, Any]:
    task: dict[str, Any] = {
        "id": "r1-o22",
        "state": state,
        "error": None,
        "waits_for": None,
        "parts": [],
    }
    return {**task, "not_before": NOW.isoformat(), **changes}


def _job(state: str, *tasks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    job: dict[str, Any] = {
        "jobID": "r1",
        "state": state,
        "message": state,
        "error": None,
        "cancelling": None,
    }
    job |= {"reasons": [], "not_before": NOW.isoformat(), "more_tasks": False}
    return {**job, "tasks": list(tasks), **changes}


class Answers:
    """Answers with what comes next; the last again and again."""

    name = "answers"

    def __init__(self, *answers: Any, rejections: Sequence[dict[str, Any]] = ()) -> None:
        self.left, self.rejections = list(answers), list(rejections)
        self.asked = 0

    def ask(self, *parts: str, query: Query = (), method: str = "GET") -> Told:
        """Return the next answer, or raise it."""
        assert (method, bool(query)) == ("GET", parts == ("rejections",))
        if parts == ("rejections",):
            return Told({"rejections": self.rejections})
        self.asked += 1
        found = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(found, Exception):
            raise found
        return Told(found)

    def close(self) -> None:
        """Do nothing."""


class Time:
    """Passes by sleeping alone."""

    def __init__(self) -> None:
        self.at, self.pauses = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.pauses.append(seconds)
        self.at += seconds


def _waiter(answers: Answers, time: Time, **changes: Any) -> Waiter:
    return Waiter(
        answers, "r1", now=lambda: NOW, clock=lambda: time.at, sleep=time.sleep, **changes
    )


def test_pauses_grow_and_are_capped() -> None:
    time, answers = Time(), Answers(*[_job("RUNNING")] * 20, _job("VERIFIED"))
    assert _waiter(answers, time).wait().outcome is Outcome.VERIFIED
    assert time.pauses[:3] == [2.0, 3.0, 4.5]
    assert time.pauses == sorted(time.pauses)
    assert time.pauses[-1] == 60.0
    assert answers.asked == 21


def test_the_time_is_never_overrun() -> None:
    time = Time()
    found = _waiter(Answers(_job("RUNNING")), time, patience=Patience(timeout_s=100)).wait()
    assert (found.outcome, found.job and found.job["state"]) == (Outcome.TIMED_OUT, "RUNNING")
    assert time.at == 100


def test_what_changes_is_told_once() -> None:
    said: list[str] = []
    answers = Answers(
        _job("ACCEPTED", _task("PLANNED")),
        _job("RUNNING", _task("RUNNING")),
        _job("RUNNING", _task("RUNNING")),
        _job("FAILED", _task("FAILED", error="no memory")),
    )
    assert _waiter(answers, Time(), tell=said.append).wait().outcome is Outcome.FAILED
    assert said == [
        "r1: ACCEPTED",
        "r1: RUNNING",
        "r1-o22: PLANNED -> RUNNING",
        "r1: FAILED",
        "r1-o22: RUNNING -> FAILED: no memory",
    ]


def test_one_that_comes_late_is_waited_for_and_one_that_never_comes_is_not() -> None:
    answers = Answers(_UNKNOWN, _UNKNOWN, _job("VERIFIED"))
    assert _waiter(answers, Time()).wait().outcome is Outcome.VERIFIED
    time = Time()
    with pytest.raises(UnknownRecord):
        _waiter(Answers(_UNKNOWN), time).wait()
    assert 60 <= time.at < 120


def test_a_refused_message_is_found_by_its_id() -> None:
    reason = {"path": "aoi", "code": "area", "message": "too large"}
    others = [{"message_id": f"m{n}", "reasons": [reason]} for n in range(3)]
    found = _waiter(Answers(_UNKNOWN, rejections=others), Time(), message_id="m1").wait()
    assert found.outcome is Outcome.REFUSED
    assert found.reasons == (Fault("aoi", "area", "too large"),)


def test_a_period_that_is_not_over_is_not_waited_for() -> None:
    later = (NOW + timedelta(days=9)).isoformat()
    planned = _task("PLANNED", not_before=later)
    for job in (_job("ACCEPTED", planned), _job("EXPANDING", not_before=later)):
        found = _waiter(Answers(job), Time()).wait()
        assert (found.outcome, found.until) == (Outcome.NOT_OVER, NOW + timedelta(days=9))
    tried = _job("ACCEPTED", _task("PLANNED", not_before=later, error="it broke"))
    busy = _job("RUNNING", planned, _task("RUNNING"))
    for job in (tried, busy):
        found = _waiter(Answers(job), Time(), patience=Patience(timeout_s=5)).wait()
        assert found.outcome is Outcome.TIMED_OUT


def test_silence_is_borne_and_a_refusal_is_not() -> None:
    silent = Answers(ServiceUnavailable("busy"), ServiceUnavailable("busy"), _job("VERIFIED"))
    assert _waiter(silent, Time()).wait().outcome is Outcome.VERIFIED
    with pytest.raises(ServiceError, match="not let in"):
        _waiter(Answers(ServiceError("not let in")), Time()).wait()
