"""No message comes again for what is in it: it becomes a request, or a rejection, or a log line."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import RecordRefused, StoreUnavailable
from s1ratio.faults import MAX_FAULTS, Fault
from s1ratio.records import Event, Rejection, RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.requesting.reject import reject
from tests.support.simulated import World, message
from tests.unit.services.waiting.test_isolation import Replacing


def refused(*_: Any, **__: Any) -> Any:
    raise RecordRefused("the document is invalid")


def step_by_step(context: PollContext) -> PollContext:
    """Return a context whose store takes no request with its tasks: they go one after the other."""
    return replace(context, store=Replacing(context.store, create_accepted=refused))


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[logging.LogRecord]:
    return [record for record in caplog.records if getattr(record, "event", None) == event]


def test_a_rejection_that_the_store_refuses_is_kept_without_its_copy(world: World) -> None:
    def only_small(rejection: Rejection, events: Sequence[Event] = ()) -> bool:
        if rejection.payload:
            refused()
        return world.store.reject(rejection, events)

    context = replace(world.context(), store=Replacing(world.store, reject=only_small))
    assert world.launch(b"{}", context=context).state is RequestState.REJECTED
    (kept,) = world.store.find_rejections(5)
    assert (kept.payload, [reason.code for reason in kept.reasons]) == ("", ["missing"])


def test_one_that_it_never_takes_is_told_all_the_same(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    context = replace(world.context(), store=Replacing(world.store, reject=refused))
    assert world.launch(b"{}", context=context).state is RequestState.REJECTED
    assert len(lines(caplog, "message.rejected")) == 1


def test_a_store_that_cannot_be_reached_sends_the_message_back(world: World) -> None:
    def down(*_: Any) -> Any:
        raise StoreUnavailable("down")

    found = message(orbits=None)
    calls = (("reject", b"{}"), ("create_accepted", message()), ("create_request", found))
    for name, payload in calls:
        context = replace(world.context(), store=Replacing(world.store, **{name: down}))
        with pytest.raises(StoreUnavailable):
            world.launch(payload, context=context)


@pytest.mark.parametrize("count", [1, 51, 52, 10_000])
def test_so_many_reasons_are_kept(world: World, count: int) -> None:
    reject(world.context(), b"{}", (Fault("p" * 990_000, "c" * 25_000, "m" * 10**6),) * count)
    (kept,) = world.store.find_rejections(5)
    assert len(kept.reasons) == min(count, MAX_FAULTS + 1)


def test_a_request_that_the_store_refuses_is_rejected(world: World) -> None:
    both = {"create_request": refused, "create_accepted": refused}
    context = replace(world.context(), store=Replacing(world.store, **both))
    found = world.launch(context=context)
    assert [fault.code for fault in found.reasons] == ["too_large"]
    assert len(world.store.find_rejections(5)) == 1


@pytest.mark.parametrize(
    ("name", "orbits"),
    [
        *((name, [58, 131]) for name in ("find_startable", "count_active", "count_started")),
        ("get_time_marks", [58, 131]),
        ("find_tasks_of", None),
    ],
)
def test_a_request_that_is_stored_is_not_sent_back_because_its_starts_went_wrong(
    world: World, name: str, orbits: list[int] | None, caplog: pytest.LogCaptureFixture
) -> None:
    def odd(*_: Any) -> Any:
        raise RuntimeError("odd")

    context = replace(world.context(), store=Replacing(world.store, **{name: odd}))
    found = world.launch(message(orbits=orbits), context)
    assert (found.state, found.started) == (RequestState.ACCEPTED, 0)
    assert len(lines(caplog, "unexpected")) == 1
    world.until(world.settled)
    world.assert_sound()


@pytest.mark.parametrize(
    ("name", "state"),
    [("create_tasks", RequestState.FAILED), ("update_request", RequestState.CANCELLED)],
)
def test_the_line_of_a_launch_says_what_it_waits_for_or_failed_of(
    world: World, name: str, state: RequestState, caplog: pytest.LogCaptureFixture
) -> None:
    """One whose tasks are there already is cancelled with them."""
    caplog.set_level(logging.INFO, "s1ratio")
    calls = iter([refused])

    def once(*args: Any, **named: Any) -> Any:
        return next(calls, getattr(world.store, name))(*args, **named)

    methods = {name: once, "create_accepted": refused}  # so that it goes step by step
    context = replace(world.context(), store=Replacing(world.store, **methods))
    world.launch(context=context)
    (line,) = lines(caplog, "request.launched")
    assert "document is invalid" in str(vars(line)["error"])
    world.until(world.settled)
    assert world.request().state is state
    (end,) = lines(caplog, "request.ended")
    assert "document is invalid" in str(vars(end)["error"])
