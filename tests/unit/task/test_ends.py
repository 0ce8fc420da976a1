"""How attempts and tasks end, are split and put together, and begin once more by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio import task as moves
from s1ratio.errors import ErrorClass, InvalidTransition
from s1ratio.task import Result, Task, TaskState
from tests.support.task_fields import with_fields
from tests.support.tasks import NOW, task

LATER = NOW + timedelta(minutes=5)


def _split(parent: Task) -> tuple[Task, tuple[Task, ...]]:
    return moves.split_up(parent, parent.plan.quarters(), ["d0", "d1", "d2", "d3"], NOW)


def _ended(*states: str) -> tuple[Task, list[Task]]:
    parent, children = _split(task(TaskState.RUNNING))
    ends = [
        with_fields(child, state=TaskState(state), files=(f"{child.id}.tif",), error="why")
        for child, state in zip(children, states, strict=True)
    ]
    return parent, ends


def test_a_split_tiles_the_parent_on_its_own_lattice() -> None:
    parent, children = _split(task(TaskState.RUNNING))
    assert [child.id for child in children] == [f"req-o131a-q{n}" for n in range(4)]
    assert parent.children == tuple(child.id for child in children)
    grid = parent.plan.grid
    cells = [
        (child.plan.grid.left + col, child.plan.grid.top - row)
        for child in children
        for row in range(child.plan.grid.height)
        for col in range(child.plan.grid.width)
    ]
    whole = {(grid.left + c, grid.top - r) for r in range(grid.height) for c in range(grid.width)}
    assert len(cells) == len(whole), "no pixel twice"
    assert set(cells) == whole, "no pixel lost"


def test_children_keep_their_place_in_the_queue_and_know_their_parent() -> None:
    _, children = _split(task(TaskState.RUNNING, turn=7, priority=300, cancelling="enough"))
    for number, child in enumerate(children):
        assert (child.place.turn, child.place.priority, child.family.depth) == (7, 300, 1)
        assert (child.family.parent, child.pixels.digest) == ("req-o131a", f"d{number}")
        assert child.end.cancelling == "enough"
        assert (child.state, child.run.attempt, child.run.retries) == (TaskState.PLANNED, 1, 0)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("VERIFIED VERIFIED VERIFIED VERIFIED", "VERIFIED"),
        ("VERIFIED EMPTY EMPTY EMPTY", "VERIFIED"),
        ("EMPTY EMPTY EMPTY EMPTY", "EMPTY"),
        ("VERIFIED FAILED VERIFIED VERIFIED", "FAILED"),
        ("VERIFIED FAILED CANCELLED VERIFIED", "FAILED"),
        ("VERIFIED VERIFIED VERIFIED CANCELLED", "CANCELLED"),
        ("CANCELLED CANCELLED CANCELLED CANCELLED", "CANCELLED"),
    ],
)
def test_a_split_task_ends_as_its_parts_do(states: str, expected: str) -> None:
    parent, children = _ended(*states.split())
    end = moves.merged(parent, children)
    assert end.state.value == expected
    listed_states = {"EMPTY"} if expected == "EMPTY" else {"VERIFIED", "FAILED", "CANCELLED"}
    names = [c.result.files[0] for c in children if c.state.value in listed_states]
    assert end.result.files == tuple(names)
    assert names
    missing = [c.id for c in children if c.state.value in {"FAILED", "CANCELLED"}]
    assert all(name in (end.trouble.error or "") for name in missing)
    assert (end.trouble.error is None) == (not missing)


Shares = tuple[float | None, float | None, float | None, float | None]
PARTS = [  # pixels of the area in a part, shares with data and of two passes, share counted
    ((100.0, 1.0, 1.0, 1.0), (300.0, 0.5, 0.0, 1.0), (400.0, 0.625, 0.25, 1.0)),
    ((100.0, 1.0, None, 1.0), (100.0, 0.0, None, 0.5), (200.0, 0.5, None, 0.75)),
    ((0.0, 0.0, 0.0, 1.0), (50.0, 1.0, 1.0, 1.0), (50.0, 1.0, 1.0, 1.0)),
    ((None, None, None, None), (50.0, 1.0, 1.0, 1.0), (None, None, None, None)),
    ((10.0, 0.9, None, 1.0), (10.0, 0.7, 0.5, 1.0), (20.0, 0.8, None, 1.0)),
    ((0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 1.0), (0.0, None, None, None)),
    ((0.0, None, None, None), (50.0, 0.5, 0.25, 1.0), (50.0, 0.5, 0.25, 1.0)),
    ((0.0, None, None, None), (50.0, None, None, None), (50.0, None, None, None)),
    ((0.0, None, None, None), (None, None, None, None), (None, None, None, None)),
]


@pytest.mark.parametrize(("one", "other", "both"), PARTS)
def test_the_shares_of_parts_are_weighed_by_their_pixels(
    one: Shares, other: Shares, both: Shares
) -> None:
    whole = Result(files=("a",)).sharing([result(*one), result(*other)])
    assert whole == replace(result(*both), files=("a",))


def result(
    pixels: float | None,
    valid: float | None,
    twice: float | None,
    counted: float | None,
) -> Result:
    return Result(
        area_px=pixels,
        valid_share=valid,
        two_pass_share=twice,
        counted_share=counted,
    )


WHY = "empty: no scene"


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([(), (), (), ()], ()),
        ([(WHY,), (WHY,), (WHY,), (WHY,)], (WHY,)),
        ([(WHY, "x"), (WHY,), (WHY,), (WHY,)], (WHY, "req-o131a-q0: x")),
        ([(), ("few",), (), ("few",)], ("req-o131a-q1: few", "req-o131a-q3: few")),
        ([(), ("req-o131a-q1-q2: few",), (), ()], ("req-o131a-q1-q2: few",)),
        ([("a", WHY), ("b", WHY), (WHY,), (WHY,)], (WHY, "req-o131a-q0: a", "req-o131a-q1: b")),
    ],
)
def test_a_split_task_says_what_its_parts_say(
    parts: list[tuple[str, ...]], whole: tuple[str, ...]
) -> None:
    parent, children = _ended(*["VERIFIED"] * 4)
    said = [with_fields(c, notes=notes) for c, notes in zip(children, parts, strict=True)]
    earlier = with_fields(parent, notes=("of an earlier attempt",))
    assert moves.merged(earlier, said).result.notes == whole


def test_what_was_found_of_parts_is_not_known_while_one_is_exported_anew() -> None:
    shares = {"area_px": 9.0, "valid_share": 0.9, "two_pass_share": 0.8, "counted_share": 1.0}
    ended = task(TaskState.VERIFIED, parts=4, files=("x",), notes=("few",), verified=True, **shares)
    assert moves.reopened(ended).result == Result(files=("x",))


def test_a_task_that_shares_anothers_pixels_refers_to_its_files() -> None:
    leader = task(TaskState.VERIFIED, files=("c/other.tif",), verified=True, notes=("odd",))
    follower = moves.waiting(task(), "other", LATER)
    assert (follower.pixels.waits_for, follower.place.not_before) == ("other", LATER)
    end = moves.completed_by(follower, leader)
    assert (end.state, end.pixels.waits_for) == (TaskState.VERIFIED, None)
    assert end.result == Result(True, ("c/other.tif",), ("odd",), same_as=leader.id)


def test_a_failure_that_is_not_held_against_a_task_costs_no_retry() -> None:
    running = task(TaskState.RUNNING, eecu_seconds=5.0)
    counted = moves.retried(running, LATER, ErrorClass.TRANSIENT, "Internal error.")
    parked = moves.retried(running, LATER, ErrorClass.QUOTA, "exceeded", counted=False)
    assert (counted.run.attempt, counted.run.retries) == (2, 1)
    assert (parked.run.attempt, parked.run.retries) == (2, 0)
    assert counted.run.eecu_earlier == 5.0


@pytest.mark.parametrize("state", ["VERIFIED", "EMPTY", "FAILED", "CANCELLED"])
def test_an_ended_task_begins_once_more_by_hand(state: str) -> None:
    ended = task(TaskState(state), attempt=5, retries=4, files=("x",), error="why", expire_at=NOW)
    fresh = moves.replanned(ended, LATER)
    assert (fresh.state, fresh.run.attempt, fresh.run.retries) == (TaskState.PLANNED, 6, 0)
    assert (fresh.result.files, fresh.result.verified) == ((), None)
    assert (fresh.trouble.error, fresh.end.expire_at) == (None, None)
    assert fresh.place.not_before == LATER


@pytest.mark.parametrize("state", ["PLANNED", "STARTING", "RUNNING", "SUCCEEDED", "LOST", "SPLIT"])
def test_what_is_under_way_does_not_begin_once_more(state: str) -> None:
    with pytest.raises(InvalidTransition, match="has not ended"):
        moves.replanned(task(TaskState(state)), LATER)


def test_of_a_split_task_the_parts_begin_once_more() -> None:
    ended = task(TaskState.FAILED, parts=4, expire_at=NOW)
    with pytest.raises(InvalidTransition, match="its parts"):
        moves.replanned(ended, LATER)
    opened = moves.reopened(ended)
    assert (opened.state, opened.family.parts, opened.end.expire_at) == (TaskState.SPLIT, 4, None)
    assert opened.run.attempt == ended.run.attempt + 1, "its next end is another event"
    with pytest.raises(InvalidTransition):
        moves.reopened(task(TaskState.FAILED))


def test_a_task_of_one_pixel_cannot_be_split() -> None:
    one = task()
    grid = replace(one.plan.grid, width=1, height=1)
    assert replace(one.plan, grid=grid).quarters() == ()
    flat = replace(one.plan, grid=replace(grid, width=3))
    assert [part.grid.width for part in flat.quarters()] == [1, 2]
