"""A request that was taken in stays so, whatever a later deployment allows no more."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.request import Limits
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.polling.poll import poll
from s1ratio.settings import Settings
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, World, message
from tests.unit.services.requesting.test_refused_messages import step_by_step

VERIFIED = RequestState.VERIFIED
# What is tightened, and the message that it hits.
TIGHTENED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"max_area_km2": 0.001}, {}),
    ({"max_period_days": 7}, {}),
    ({"max_tasks": 1}, {}),
    ({"max_request_values": 10}, {}),
    ({"max_request_bytes": 10}, {}),
    ({"max_priority": 5}, {"priority": 90}),
    ({"max_task_pixels": 65_536, "max_tasks": 1}, {}),
]


def tighten_message_limits(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Let a deployment come whose code, not its settings, allows less."""
    limits = Settings.limits

    def tightened(settings: Settings, today: date) -> Limits:
        return replace(limits(settings, today), **changes)

    monkeypatch.setattr(Settings, "limits", tightened)


def deliver_again(world: World, payload: bytes) -> None:
    """Deliver a message whose request is known; nothing of it may be taken for new."""
    before = world.request()
    again = world.launch(payload)
    assert (again.request_id, again.reasons) == ("r1", ())
    assert world.store.find_rejections(9) == []
    assert world.request().created_at == before.created_at


@pytest.mark.parametrize(("settings", "fields"), TIGHTENED, ids=str)
def test_a_known_message_is_no_rejection_under_tighter_settings(
    world: World, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    payload = message(**fields)
    world.launch(payload)
    planned = world.states().keys()
    world.set(**settings)
    deliver_again(world, payload)
    world.until(world.settled)
    deliver_again(world, payload)
    assert (world.request().state, world.states().keys()) == (VERIFIED, planned)


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        (
            {"reserved_prefixes": frozenset({"mine"})},
            {"destination": {"kind": "gcs", "prefix": "mine"}},
        ),
        ({"min_scale_m": 40}, {"grid": {"crs": "utm", "scale": 20}}),
        ({"today": date(2020, 1, 1)}, {}),  # as if an end might not lie so far ahead any more
        (
            {"reserved_prefixes": frozenset({"a"})},
            {"destination": {"kind": "gcs", "prefix": "a/b"}},
        ),
        ({"max_area_km2": 0.001}, {"request_id": None}),
    ],
    ids=str,
)
def test_nor_under_tighter_rules(
    world: World, monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any], fields: dict[str, Any]
) -> None:
    payload = message(**fields)
    first = world.launch(payload)
    tighten_message_limits(monkeypatch, **limits)
    again = world.launch(payload)
    assert (again.request_id, again.state, again.reasons) == (first.request_id, first.state, ())
    assert world.store.find_rejections(9) == []
    world.until(lambda: world.settled(first.request_id or ""))


def test_another_message_is_rejected_by_them(world: World) -> None:
    world.launch()
    world.set(max_period_days=7)
    for payload in (message(request_id="r2"), message(orbits=[58]), message(request_id=None)):
        assert world.launch(payload).state is RequestState.REJECTED
    assert len(world.store.find_rejections(9)) == 3


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"\xff", b'{"request_id": 7}', b"[" * 99_999]
)
def test_what_is_no_message_is_looked_for_under_no_name(world: World, payload: bytes) -> None:
    world.launch()
    assert world.launch(payload).state is RequestState.REJECTED
    assert len(world.store.find_rejections(9)) == 1


class DiesAfter(Breaker):
    """Lets a process die right after its first call of a name."""

    def __init__(self, name: str) -> None:
        super().__init__(after=True)
        self._name = name

    def call(self, name: str, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make a call, or die with it."""
        if name == self._name and not self.at:
            self.at = len(self.log) + 1
        return super().call(name, method, *args, **named)


@pytest.mark.parametrize("comes", ["a delivery", "the poller"])
@pytest.mark.parametrize(
    "settings", [tight for tight, _ in TIGHTENED if "max_priority" not in tight], ids=str
)
@pytest.mark.parametrize(
    ("last", "orbits"),
    [
        ("create_request", [58, 131]),
        ("create_tasks", [58, 131]),
        ("update_request", None),  # which keeps the passes that were found
        ("create_tasks", None),
    ],
)
def test_what_is_expanding_goes_on_by_the_plan_it_was_taken_in_with(
    world: World, last: str, orbits: list[int] | None, settings: dict[str, Any], comes: str
) -> None:
    payload = message(orbits=orbits)
    with suppress(Crashed):
        world.launch(payload, step_by_step(world.context(DiesAfter(last))))
    assert world.request().state is RequestState.EXPANDING
    world.set(**settings)
    if comes == "a delivery":
        deliver_again(world, payload)
    world.until(world.settled)
    assert world.request().state is VERIFIED
    assert world.states() == dict.fromkeys(["o058a", "o131a"], TaskState.VERIFIED)


def test_what_was_taken_in_before_limits_were_kept_is_planned_by_todays(world: World) -> None:
    with suppress(Crashed):
        world.launch(context=step_by_step(world.context(DiesAfter("create_request"))))
    record = world.request()
    world.store.update_request(replace(record, limits=None), record.version)
    world.set(max_tasks=1)
    world.tick()
    assert (world.request().state, world.tasks()) == (RequestState.REJECTED, [])


def test_a_plan_that_was_too_large_is_judged_anew_when_it_is_retried(world: World) -> None:
    world.set(max_tasks=1)
    assert world.launch(message(orbits=None)).state is RequestState.REJECTED
    world.set(max_tasks=2)
    retry(world.context(), Selection("r1"))
    world.until(world.settled)
    assert world.request().state is VERIFIED


@pytest.mark.parametrize(
    "settings", [tight for tight, _ in TIGHTENED if "max_priority" not in tight], ids=str
)
@pytest.mark.parametrize("orbits", [None, [58, 131]], ids=str)
def test_what_is_retried_keeps_the_limits_of_its_retry_from_its_first_task_on(
    world: World, settings: dict[str, Any], orbits: list[int] | None
) -> None:
    """The limits of its first day rejected it. It dies when its tasks are there, and a tighter
    deployment comes: by its limits there would be other tasks, or none.
    """
    world.set(launch_budget_s=0)
    world.launch(message(orbits=orbits))
    reject_by_limits(world)
    retry(world.context(), Selection("r1"))
    with suppress(Crashed):
        poll(world.context(DiesAfter("create_tasks")))
    assert world.request().state is RequestState.EXPANDING
    assert world.request().limits == world.settings.plan_limits
    planned = world.states().keys()
    world.set(**settings)
    world.until(world.settled, limit=600)
    assert (world.request().state, world.states().keys()) == (VERIFIED, planned)


def reject_by_limits(world: World) -> None:
    """Take a request back to where a rejection by limits leaves it: it has passes, no more."""
    record = world.request()
    database: Any = world.store._database  # type: ignore[attr-defined]
    with database._connected() as connection:
        connection.execute("DELETE FROM tasks")
    ended = replace(record, state=RequestState.REJECTED, size=0, limits=None)
    world.store.update_request(replace(ended, ended_at=world.clock.now()), record.version)
