"""What a request waits for, as `status` says it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio.errors import ErrorClass
from s1ratio.progress import age_words, describe_waiting
from s1ratio.records import RequestState
from s1ratio.task import Claim, Pixels, Run, Task, TaskState, Trouble
from tests.contract.records import NOW, a_request, a_task

LATER = NOW + timedelta(hours=2)
SINCE = NOW - timedelta(minutes=5)
LONG_AGO = NOW - timedelta(days=40)


def waiting(task: Task, **holds: object) -> str:
    record = replace(a_request(), state=RequestState.RUNNING)
    (one,) = describe_waiting(record, [task], NOW, {ErrorClass(k): LATER for k in holds})
    return one.words(NOW)


def planned(**changes: object) -> Task:
    made = replace(a_task(), state=TaskState.PLANNED, created_at=SINCE)
    made = replace(made, place=replace(made.place, not_before=SINCE))
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (planned(), "PLANNED, waits for its turn to start (5 min)"),
        (planned(pixels=Pixels(waits_for="r2-o1a")), "waits for r2-o1a, which exports the same"),
        (
            planned(state=TaskState.RUNNING, run=Run(progress=0.45)),
            "RUNNING 45%, waits for its export to end",
        ),
        (
            planned(state=TaskState.STARTING, claim=Claim("me", LATER, SINCE)),
            f"waits for Earth Engine to take its start, until {LATER:%Y-%m-%d %H:%M} UTC (5 min)",
        ),
        (
            planned(state=TaskState.STARTING, claim=Claim("me", SINCE, SINCE)),
            "waits for Earth Engine to take its start (5 min)",
        ),
        (planned(created_at=LONG_AGO), "PLANNED, waits for its turn to start (5 min)"),
        (
            planned(created_at=LONG_AGO, trouble=Trouble("transient", "Internal error.", 1)),
            "PLANNED, waits for its turn to start (5 min)",
        ),
        (
            planned(created_at=LONG_AGO, place=replace(a_task().place, not_before=LATER)),
            f"until {LATER:%Y-%m-%d %H:%M} UTC (40 days)",
        ),
        (planned(state=TaskState.SUBMITTED), "waits for Earth Engine to begin its export"),
        (planned(state=TaskState.SUCCEEDED), "waits for its files to be verified"),
        (planned(state=TaskState.LOST), "waits for its operation to be found again"),
        (planned(state=TaskState.SPLIT), "waits for its parts to end"),
    ],
)
def test_what_a_task_waits_for(task: Task, words: str) -> None:
    assert words in waiting(task)


def test_until_when_a_task_is_held_back() -> None:
    later = planned(place=replace(a_task().place, not_before=LATER))
    until = f"until {LATER:%Y-%m-%d %H:%M} UTC"
    assert f"waits for the end of its period, and its last scenes, {until}" in waiting(later)
    broken = replace(later, trouble=Trouble("transient", "Internal error.", 1))
    assert f"waits for Internal error., {until}" not in waiting(broken)
    assert f"another try after: Internal error., {until}" in waiting(broken)
    assert f"Earth Engine's queue is full, {until}" in waiting(planned(), queue=True)
    assert "quota is used up" in waiting(planned(), queue=True, quota=True)


def test_a_request_without_tasks() -> None:
    record = replace(a_request(), state=RequestState.EXPANDING, passes=None, created_at=SINCE)
    (one,) = describe_waiting(record, [], NOW, {})
    assert "waits for its orbits to be found" in one.words(NOW)
    assert one.json(NOW)["age_s"] == 300
    assert describe_waiting(replace(record, state=RequestState.FAILED), [], NOW, {}) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (0, "0 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (172_800, "2 days")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert age_words(timedelta(seconds=seconds)) == words
