"""An export task's moves, its request ids and its description."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from itertools import product

import pytest

from s1ratio import task as moves
from s1ratio.errors import ErrorClass, InvalidTransition
from s1ratio.task import (
    GROUPS,
    Run,
    Task,
    TaskState,
    description,
    ee_request_id,
    identity_in,
    make_identity,
    task_of,
)
from tests.support.tasks import NOW, task

LATER = NOW + timedelta(minutes=5)
LEASE = timedelta(minutes=3)
HERE, THERE = "k3f7q2zb", "a2345672"

# Every move there is, written down a second time: from -> to.
ALLOWED = {
    "PLANNED": "PLANNED STARTING VERIFIED EMPTY FAILED CANCELLED",
    "STARTING": "STARTING SUBMITTED SUCCEEDED PLANNED SPLIT FAILED CANCELLED",
    "SUBMITTED": "SUBMITTED RUNNING SUCCEEDED EMPTY FAILED CANCELLED LOST PLANNED SPLIT",
    "RUNNING": "RUNNING SUCCEEDED EMPTY FAILED CANCELLED LOST PLANNED SPLIT",
    "SUCCEEDED": "SUCCEEDED VERIFIED EMPTY FAILED PLANNED",
    "LOST": "LOST SUBMITTED RUNNING SUCCEEDED EMPTY FAILED CANCELLED PLANNED SPLIT",
    "SPLIT": "SPLIT VERIFIED EMPTY FAILED CANCELLED",
    "VERIFIED": "",
    "EMPTY": "",
    "FAILED": "",
    "CANCELLED": "",
}


@pytest.mark.parametrize(("old", "new"), list(product(TaskState, TaskState)))
def test_a_task_makes_the_moves_of_the_protocol_and_no_other(
    old: TaskState, new: TaskState
) -> None:
    before = task(old)
    if new in ALLOWED[old].split():
        assert before.to(new).state is new
    else:
        with pytest.raises(InvalidTransition, match=f"req-o131a can't go from {old} to {new}"):
            before.to(new)
    assert before == task(old), "the task itself is never changed"


def test_no_field_stands_in_two_groups_since_all_are_stored_side_by_side() -> None:
    groups = [field.name for name in GROUPS for field in fields(getattr(task(), name))]
    beside = [field.name for field in fields(Task) if field.name not in GROUPS]
    assert len(groups) > len(GROUPS)
    assert len({*groups, *beside}) == len(groups) + len(beside)


def test_terminal_states_are_those_without_a_move() -> None:
    assert {s for s in TaskState if s.terminal} == {s for s in TaskState if not ALLOWED[s]}
    assert {s.value for s in TaskState if s.active} == {"STARTING", "SUBMITTED", "RUNNING"}


def test_a_success_that_nobody_can_check_is_an_end() -> None:
    assert not task(TaskState.SUCCEEDED).ended
    assert task(TaskState.SUCCEEDED, verified=False).ended
    assert not task(TaskState.RUNNING, verified=False).ended


def claimed() -> Task:
    return moves.starting(task(), "me", NOW, LEASE, "dev", identity=HERE)


def test_a_claim_names_its_owner_its_lease_and_its_request_id() -> None:
    claim = claimed().claim
    assert (claim.owner, claim.lease_until, claim.starting_at) == ("me", NOW + LEASE, NOW)
    assert claim.ee_request_id == ee_request_id("dev", "req-o131a", 1, 1, HERE)


def test_a_broken_start_goes_on_with_the_same_request_id() -> None:
    taken = moves.starting(claimed(), "you", LATER, LEASE, "dev", identity=HERE).claim
    assert taken.ee_request_id == claimed().claim.ee_request_id
    assert (taken.owner, taken.starting_at, taken.lease_until) == ("you", NOW, LATER + LEASE)


def test_a_burned_request_id_is_followed_by_a_fresh_one_in_the_same_attempt() -> None:
    used = moves.id_used(claimed(), NOW, LATER)
    assert (used.claim.id_used_at, used.claim.lease_until) == (NOW, LATER)
    assert moves.id_used(used, LATER, LATER).claim.id_used_at == NOW, "since when, not how often"
    fresh = moves.next_start(used, "dev")
    assert (fresh.run.attempt, fresh.claim.start_number, fresh.claim.id_used_at) == (1, 2, None)
    assert fresh.claim.ee_request_id not in (None, claimed().claim.ee_request_id)


def test_a_full_queue_costs_no_attempt_but_the_request_id() -> None:
    back = moves.requeued(claimed(), LATER, ErrorClass.QUEUE, "full")
    assert (back.state, back.run.attempt, back.claim.start_number) == (TaskState.PLANNED, 1, 2)
    assert (back.claim.owner, back.claim.lease_until, back.place.not_before) == (None, None, LATER)
    again = moves.starting(back, "me", LATER, LEASE, "dev", identity=HERE)
    assert again.claim.ee_request_id != claimed().claim.ee_request_id


def test_a_retry_is_a_new_attempt_with_a_name_of_its_own() -> None:
    running = moves.submitted(claimed(), "projects/p/operations/A").to(
        TaskState.RUNNING, run=Run(progress=0.5)
    )
    again = moves.retried(running, LATER, ErrorClass.TRANSIENT, "Internal error.")
    assert (again.state, again.run.attempt, again.claim.start_number) == (TaskState.PLANNED, 2, 1)
    assert (again.run.operation, again.run.progress, again.place.not_before) == (None, 0, LATER)
    assert description("dev", again) == f"s1r-dev-req-o131a-a2_{HERE}"
    assert again.plan.object_name(again.run.attempt).endswith("-a2")
    claim = moves.starting(again, "me", LATER, LEASE, "dev", identity=HERE)
    assert claim.claim.ee_request_id != claimed().claim.ee_request_id


def test_a_submission_names_the_operation_and_lets_the_lease_go() -> None:
    done = moves.submitted(claimed(), "projects/p/operations/A")
    assert done.run.operation == "projects/p/operations/A"
    assert (done.claim.owner, done.claim.lease_until) == (None, None)


def test_a_failure_says_why() -> None:
    ended = moves.failed(claimed(), ErrorClass.TERMINAL, "no band VV")
    assert (ended.state, ended.trouble.error_class, ended.trouble.error) == (
        TaskState.FAILED,
        "terminal",
        "no band VV",
    )


def test_request_ids_are_deterministic_distinct_and_fit_earth_engine() -> None:
    ids = {
        ee_request_id(deployment, name, attempt, start, store)
        for deployment in ("dev", "prod")
        for store in (None, HERE, THERE)
        for name in ("t", "t-1", "t|1")
        for attempt in range(1, 13)
        for start in range(1, 13)
    }
    assert len(ids) == 2 * 3 * 3 * 12 * 12, "no two starts share an id"
    assert all(re.fullmatch(r"s1-[0-9a-f]{40}", one) and len(one) <= 60 for one in ids)
    # echo -n 'dev|t|1|1' | sha256sum: what is running now must be found by the next release too.
    of_old = ee_request_id("dev", "t", 1, 1, None)
    assert of_old == "s1-3eb8f458a05b6bba7fc2601c5514d99706a519c8", "an earlier version's"
    # echo -n 'dev_k3f7q2zb|t|1|1' | sha256sum
    assert ee_request_id("dev", "t", 1, 1, HERE) == "s1-7694adfd960bd483e708d5c36cf3e5765aae3a95"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s1r-prod-req-o131a-a1", ("req-o131a", 1)),
        ("s1r-prod-req-o131a-a12", ("req-o131a", 12)),
        (f"s1r-prod-req-o131a-a1_{HERE}", ("req-o131a", 1)),
        (f"s1r-prod-req-a2-o131a-a12_{THERE}", ("req-a2-o131a", 12)),
        (f"s1r-prod-req-o131a_{HERE}-a1", None),
        (f"s1r-prod-req-o131a-a1_{HERE}2", None),
        (f"s1r-prod-req-o131a-a1_{HERE[:7]}", None),
        (f"s1r-prod-req-o131a-a1_{HERE.upper()}", None),
        (f"s1r-prod-req-o131a-a1-{HERE}", None),
        ("s1r-prod-req-o131a-a1_", None),
        ("s1r-prod-req-a2-o131a-a1", ("req-a2-o131a", 1)),
        ("s1r-prod-req-o131a-q0-a1", ("req-o131a-q0", 1)),
        ("s1r-prod-req-o131a", None),
        ("s1r-prod-req-o131a-a", None),
        ("s1r-prod-req-o131a-a0", None),
        ("s1r-prod-req-o131a-a01", None),
        ("s1r-prod-req-o131a-a1 ", None),
        ("s1r-prod-req-o131a-a1\n", None),
        ("s1r-prod-req-o131a-a٣", None),
        ("s1r-prod-req-o131a-a" + "1" * 5000, None),
        ("xs1r-prod-req-o131a-a1", None),
        ("s1r-prod--a1", None),
        ("s1r-prod2-req-o131a-a1", None),
        ("s1r-pro-req-o131a-a1", None),
        ("S1R-prod-req-o131a-a1", None),
        ("VVdVH_median", None),
        ("", None),
    ],
)
def test_a_description_is_matched_whole(text: str, expected: tuple[str, int] | None) -> None:
    assert task_of("prod", text) == expected


@pytest.mark.parametrize(
    ("text", "task_id"),
    [
        ("s1r-prod-eu-req-o131a-a1", "eu-req-o131a"),
        ("s1r-prod-req-o131a-q0-a1", "req-o131a-q0"),
        ("s1r-prod-req-o131a-a2-a1", "req-o131a-a2"),
    ],
)
def test_what_belongs_to_another_deployment_or_task_is_no_task_of_ours(
    text: str, task_id: str
) -> None:
    """A name is matched whole: nothing that only begins like one of ours may be taken for it."""
    assert task_of("prod", text) == (task_id, 1)
    assert task_id != "req-o131a"


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        (f"s1r-prod-req-o131a-a1_{HERE}", HERE),
        (f"s1r-prod-req-o131a-a1_{THERE}", THERE),
        ("s1r-prod-req-o131a-a1", None),
        (f"s1r-prod2-req-o131a-a1_{HERE}", None),
        (f"s1r-prod-req-o131a-a1_{HERE}x", None),
        (f"s1r-prod-{HERE}-o131a-a1", None),
        ("", None),
    ],
)
def test_a_description_names_its_store(text: str, identity: str | None) -> None:
    assert identity_in("prod", text) == identity


def test_an_identity_is_a_short_name_that_a_description_takes() -> None:
    names = {make_identity(f"process-{number}") for number in range(500)}
    assert len(names) == 500
    for name in names:
        assert identity_in("prod", f"s1r-prod-r-o001a-a1_{name}") == name
    assert make_identity("process-7") == make_identity("process-7")


def test_an_earlier_version_takes_a_name_with_an_identity_for_nobodys() -> None:
    """It may be in use beside this one: the pattern is the one that it has."""
    text = description("prod", moves.starting(task(), "me", NOW, LEASE, "prod", identity=HERE))
    assert re.fullmatch(r"s1r-prod-(.+)-a([1-9][0-9]{0,5})", text) is None


def test_a_start_that_is_taken_over_keeps_its_names_whoever_takes_it() -> None:
    """The store was updated, copied or moved in between: the POST may have been taken."""
    of_old = moves.starting(task(), "me", NOW, LEASE, "dev", identity=HERE)
    of_old = replace(
        of_old,
        claim=replace(
            of_old.claim,
            identity=None,
            ee_request_id=ee_request_id("dev", "req-o131a", 1, 1, None),
        ),
    )
    for before in (of_old, claimed()):
        after = moves.starting(before, "you", LATER, LEASE, "dev", identity=THERE)
        assert after.claim.ee_request_id == before.claim.ee_request_id
        assert description("dev", after) == description("dev", before)
        burned = moves.next_start(after, "dev")
        assert burned.claim.ee_request_id != before.claim.ee_request_id
        assert description("dev", burned) == description("dev", before)
    back = moves.requeued(of_old, LATER, ErrorClass.QUEUE, "full")
    again = moves.starting(back, "me", LATER, LEASE, "dev", identity=HERE)
    assert description("dev", again) == f"s1r-dev-req-o131a-a1_{HERE}"
