"""Events go out: at once where that is no trouble, by the sweep otherwise, each key's in order."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import MessageRefused, PubSubError, StoreUnavailable
from s1ratio.ports import KeyedMessages
from s1ratio.records import Event, RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.outbox import Outbox
from s1ratio.services.polling.poll import poll
from s1ratio.services.publishing import send as sending
from s1ratio.services.publishing import sweep as sweeping
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.publishing.send import send
from s1ratio.services.publishing.sweep import find_oldest_age, sweep_unsent
from s1ratio.services.requesting.launch import launch
from s1ratio.task import TaskState
from tests.contract.records import a_request
from tests.support.simulated import World, message
from tests.support.simulated.events import SimulatedEvents


@pytest.fixture
def topic() -> SimulatedEvents:
    return SimulatedEvents()


@pytest.fixture
def publishing(tmp_path: Path, topic: SimulatedEvents) -> Iterator[World]:
    """Return a world whose processes publish."""
    made = World(tmp_path, events=topic)
    yield made
    made.close()


def committed(world: World, *events: Event) -> PollContext:
    """Commit events of a request, in that order; return the process that did."""
    context = world.context()
    for event in events:
        record = world.store.create_request(a_request("r0", state=RequestState.EMPTY))
        context.store.update_request(record, record.version, [event])
        context.outbox.note([event])
    return context


def unsent(world: World, name: str, key: str = "k", **changes: Any) -> Event:
    now = world.clock.now()
    made = Event(name, "s1ratio.task.ended", "r1", now, {"n": name}, key=key, unsent_since=now)
    return replace(made, **changes)


def until(world: World, minutes: float = 1) -> Any:
    return world.clock.now() + timedelta(minutes=minutes)


def test_a_launch_tells_what_it_did_at_once(publishing: World, topic: SimulatedEvents) -> None:
    publishing.launch()
    told = [attributes["ce-type"].removeprefix("s1ratio.") for _, attributes, _ in topic.delivered]
    assert told == ["request.accepted", "task.submitted", "task.submitted"]
    assert publishing.store.find_unsent_events(10) == []
    assert {key for key, _, _ in topic.delivered} == {"r1"}


def test_a_refused_message_is_told(publishing: World, topic: SimulatedEvents) -> None:
    for _ in range(2):
        publishing.launch(message(colour="blue"))
    [(_, told, _)] = topic.delivered
    assert (told["ce-type"], told["ce-request"]) == ("s1ratio.request.rejected", "r1")


def test_a_whole_life_is_told_in_the_order_of_the_commits(
    publishing: World, topic: SimulatedEvents
) -> None:
    publishing.launch()
    publishing.until(publishing.settled)
    assert topic.ids == [event.id for event in publishing.store.find_events_of("r1")]
    assert topic.ids[-1] == "request:r1.2"
    by_record: dict[str, list[int]] = {}
    for name in topic.ids:
        record, _, number = name.rpartition(".")
        by_record.setdefault(record, []).append(int(number))
    assert by_record == {
        "request:r1": [1, 2],
        "task:r1-o058a": [1, 2, 3],
        "task:r1-o131a": [1, 2, 3],
    }


def test_no_trouble_of_pubsub_is_the_work_s(publishing: World, topic: SimulatedEvents) -> None:
    topic.down = True
    publishing.launch()
    publishing.until(publishing.settled)
    assert topic.delivered == []
    assert publishing.states() == dict.fromkeys(["o058a", "o131a"], TaskState.VERIFIED)

    topic.down = False
    publishing.tick()
    assert topic.ids == [event.id for event in publishing.store.find_events_of("r1")]


def test_while_pubsub_is_silent_it_is_left_alone(
    publishing: World, topic: SimulatedEvents, caplog: pytest.LogCaptureFixture
) -> None:
    topic.down = True
    context = publishing.context()
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            launch(context, message(request_id=f"r{number}"))
    assert topic.batches == 1
    assert len([one for one in caplog.records if "publishing events" in one.getMessage()]) == 1
    publishing.clock.sleep(31)
    launch(context, message(request_id="r9"))
    assert topic.batches == 2


def test_without_a_topic_events_stay_for_who_has_one(world: World) -> None:
    world.launch()
    world.until(world.settled)
    assert len(world.store.find_unsent_events(100)) == len(world.store.find_events_of("r1")) == 8


def test_where_none_ever_will_be_published_none_waits(world: World) -> None:
    """The embedded cloud's outbox does not grow."""
    context = replace(world.context(), outbox=Outbox(nowhere=True))
    launch(context, message())
    while not world.settled():
        world.clock.sleep(60)
        poll(context)
    assert world.store.find_unsent_events(100) == []
    assert len(world.store.find_events_of("r1")) == 8


def test_an_earlier_event_goes_first_whoever_left_it(
    publishing: World, topic: SimulatedEvents
) -> None:
    """The first process died between its commit and its publication."""
    committed(publishing, unsent(publishing, "e1"))
    publish_committed(committed(publishing, unsent(publishing, "e2")))
    assert topic.ids[-2:] == ["e1", "e2"]


def test_an_answer_that_is_lost_repeats_and_inverts_nothing(
    publishing: World, topic: SimulatedEvents
) -> None:
    context = committed(publishing, *(unsent(publishing, f"e{n}") for n in range(3)))
    topic.lost_answers = 1
    publish_committed(context)
    assert len(publishing.store.find_unsent_events_of("k")) == 3
    publishing.tick()
    assert [one for one in topic.ids if one[0] == "e"] == ["e0", "e1", "e2"] * 2


def test_a_key_that_is_refused_holds_up_no_other(
    publishing: World, topic: SimulatedEvents, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor itself for good: what will never be taken is given up, and a person is told."""

    def refuse(batch: KeyedMessages) -> PubSubError | None:
        bad = any(one.attributes["ce-id"] == "bad" for one in batch.messages)
        return MessageRefused("Pub/Sub refused: it does not like it") if bad else None

    topic.trouble = refuse
    names = ["a1", "bad", "a2"]
    context = committed(publishing, *(unsent(publishing, name) for name in names))
    context = committed(publishing, unsent(publishing, "b1", key="other"))
    with caplog.at_level(logging.ERROR):
        sweep_unsent(context, until(publishing))
    assert [one for one in topic.ids if one[0] in "ab"] == ["b1", "a1", "a2"]
    assert publishing.store.find_unsent_events(10) == []
    assert ["bad" in one.getMessage() for one in caplog.records] == [True]


def test_where_all_are_refused_nothing_is_given_up(
    publishing: World, topic: SimulatedEvents
) -> None:
    """Then it is the topic's fault, not theirs."""
    context = committed(publishing, unsent(publishing, "e1"), unsent(publishing, "f1", key="l"))
    topic.trouble = lambda _: MessageRefused("Pub/Sub refused: the topic has another schema")
    sweep_unsent(context, until(publishing))
    assert len(publishing.store.find_unsent_events(10)) == 2


def test_many_of_a_key_go_in_several_requests_one_after_the_other(
    publishing: World, topic: SimulatedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_MOST_EVENTS", 4)
    context = committed(publishing, *(unsent(publishing, f"e{n:02}") for n in range(10)))
    before = topic.batches
    publish_committed(context)
    assert topic.ids[-10:] == [f"e{n:02}" for n in range(10)]
    assert topic.batches == before + 3


def test_large_ones_go_by_themselves(
    publishing: World, topic: SimulatedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_MOST_BYTES", 1_000)
    data = {"x": "y" * 800}
    context = committed(publishing, *(unsent(publishing, f"e{n}", data=data) for n in range(3)))
    before = topic.batches
    publish_committed(context)
    assert topic.batches == before + 3


def test_a_sweep_of_more_than_a_page_keeps_the_order_of_each_key(
    publishing: World, topic: SimulatedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clocks of those who committed them were wrong: a page holds the later of a key first."""
    monkeypatch.setattr(sweeping, "PAGE", 4)
    now = publishing.clock.now()
    events = [
        unsent(publishing, f"{key}{n}", key=key, unsent_since=now - timedelta(seconds=10 * n))
        for n in range(5)
        for key in "ab"
    ]
    context = committed(publishing, *events)
    context.outbox.take_keys()
    assert sweep_unsent(context, until(publishing)) == 10
    for key in "ab":
        assert [one for one in topic.ids if one[0] == key] == [f"{key}{n}" for n in range(5)]


def test_a_sweep_looks_past_a_key_that_fails(
    publishing: World, topic: SimulatedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PAGE", 2)
    context = committed(publishing, *(unsent(publishing, f"e{n}") for n in range(4)))
    committed(publishing, unsent(publishing, "f1", key="l"))

    def fail(batch: KeyedMessages) -> PubSubError | None:
        context.outbox.held_until = None  # as if half a minute had gone by
        return PubSubError("refused") if batch.key == "k" else None

    topic.trouble = fail
    monkeypatch.setattr(sending, "_HELD", timedelta())
    sweep_unsent(context, until(publishing))
    assert topic.ids[-1] == "f1"


def test_two_that_send_at_once_invert_nothing(publishing: World, topic: SimulatedEvents) -> None:
    """The second reads while the first's batch is on its way, and another event is committed."""
    first = committed(publishing, unsent(publishing, "e1"), unsent(publishing, "e2"))
    second = publishing.context()
    lines = {"k": publishing.store.find_unsent_events_of("k")}

    class Slow(SimulatedEvents):
        def publish_keyed(self, batches: Sequence[KeyedMessages]) -> Sequence[PubSubError | None]:
            committed(publishing, unsent(publishing, "e3"))
            sweep_unsent(second, until(publishing))
            return topic.publish_keyed(batches)

    send(replace(first, outbox=Outbox(Slow())), lines, until(publishing))
    sweep_unsent(second, until(publishing))
    assert [one for one in topic.ids if one[0] == "e"] == ["e1", "e2", "e3", "e1", "e2"]
    assert publishing.store.find_unsent_events(10) == []


def test_a_store_in_trouble_is_not_the_work_s_trouble(
    publishing: World, topic: SimulatedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("did not answer")

    context = committed(publishing, unsent(publishing, "e1"))
    monkeypatch.setattr(publishing.store, "mark_sent", fail)
    assert publish_committed(context) == 0
    monkeypatch.undo()
    publishing.tick()
    assert [one for one in topic.ids if one == "e1"] == ["e1", "e1"], "at least once"


def test_nothing_goes_out_past_the_time(publishing: World, topic: SimulatedEvents) -> None:
    context = committed(publishing, unsent(publishing, "e1"))
    before = topic.batches
    publish_committed(context, publishing.clock.now())
    sweep_unsent(context, publishing.clock.now())
    assert topic.batches == before


def test_how_long_the_oldest_has_waited_is_known(publishing: World) -> None:
    context = publishing.context()
    assert find_oldest_age(context) == 0.0
    committed(publishing, unsent(publishing, "e1"))
    publishing.clock.sleep(90)
    committed(publishing, unsent(publishing, "e2"))
    assert find_oldest_age(context) == 90.0
