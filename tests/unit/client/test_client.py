"""`s1ratio.client`: what is sent, what is refused before, and what is tried again."""

import datetime as dt
import json
from typing import Any

import pytest
import shapely

from s1ratio.client import (
    Client,
    InvalidRequest,
    Published,
    PubSubError,
    PubSubUnavailable,
    Refused,
    Rules,
)
from s1ratio.estimate import Sample
from s1ratio.request import Limits, read_message
from tests.support.taken_messages import TakenMessages

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BOX = {"bbox": [15.1, 48.0, 15.16, 48.04]}


def _message(**fields: Any) -> dict[str, Any]:
    return {"aoi": BOX, "start": "2023-05-01", "end": "2023-07-01", **fields}


def _client(topic: TakenMessages, **named: Any) -> tuple[Client, list[float]]:
    slept: list[float] = []
    client = Client("p-1", publisher=topic, now=lambda: NOW, sleep=slept.append, **named)
    return client, slept


def test_what_is_published_is_the_message_and_its_id_is_the_request_s() -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    sent = client.publish(_message(labels={"for": "me"}))
    [payload] = topic.taken
    assert json.loads(payload) == _message(labels={"for": "me"})
    assert sent == Published(read_message(payload, Limits()).request_id, "m0")
    assert client.publish(_message(labels={"for": "me"})).request_id == sent.request_id


@pytest.mark.parametrize(
    "changes",
    [
        {"aoi": shapely.box(15.1, 48.0, 15.16, 48.04)},
        {"start": dt.date(2023, 5, 1), "end": dt.date(2023, 7, 1)},
        {"end": dt.datetime(2023, 7, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1)))},
        {"orbits": (22, 95)},
        {"products": ["vv_db"], "statistics": ["mean"]},
    ],
)
def test_what_a_program_holds_is_written_as_a_message_has_it(changes: dict[str, Any]) -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    client.publish(_message(**changes))
    read_message(topic.taken[0], Limits())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"orbits": [0]}, "orbits[0]"),
        ({"colour": "blue"}, "colour"),
        ({"end": "2023-01-01"}, "backwards"),
        ({"start": dt.datetime(2023, 5, 1)}, "JSON"),  # noqa: DTZ001 - the point
        ({"aoi": object()}, "JSON"),
        ({"labels": {"a": float("nan")}}, "JSON"),
        ({"aoi": {"bbox": [0, 0, 40, 40]}}, "at most 250,000 km²"),
        ({"end": "2099-01-01", "start": "2098-01-01"}, "days ahead"),
    ],
)
def test_what_is_invalid_is_never_sent(changes: dict[str, Any], said: str) -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    for refuse in (client.validate, client.dry_run, client.publish):
        with pytest.raises(InvalidRequest) as caught:
            refuse(_message(**changes))
        assert said in str(caught.value)
    [outcome] = client.publish_many([_message(**changes)])
    assert isinstance(outcome, Refused)
    assert topic.calls == []


def test_the_rules_are_the_deployment_s() -> None:
    client, _ = _client(TakenMessages(), rules=Rules(Limits(max_area_km2=1)))
    with pytest.raises(InvalidRequest, match="at most 1 km²"):
        client.validate(_message())


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_silence_is_tried_again_so_often_and_no_more(failures: int) -> None:
    topic = TakenMessages(*[PubSubUnavailable("silent")] * failures)
    client, slept = _client(topic)
    client.publish(_message())
    assert len(topic.calls) == failures + 1
    assert slept == [0.5, 1.0, 2.0][:failures]
    assert len(set(map(tuple, topic.calls))) == 1, "the same message each time"


def test_who_never_answers_is_told_of() -> None:
    topic = TakenMessages(*[PubSubUnavailable("silent")] * 9)
    client, _ = _client(topic)
    with pytest.raises(PubSubUnavailable):
        client.publish(_message())
    assert len(topic.calls) == 4


def test_a_refusal_is_not_tried_again() -> None:
    topic = TakenMessages(PubSubError("no such topic"))
    client, slept = _client(topic)
    with pytest.raises(PubSubError):
        client.publish(_message())
    assert (len(topic.calls), slept) == (1, [])


def test_many_go_by_the_hundred_and_the_invalid_are_told_in_turn() -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    messages = [_message(orbits=[n % 175 + 1], priority=n) for n in range(250)]
    messages[7]["orbits"] = [0]
    found = list(client.publish_many(messages))
    assert [len(call) for call in topic.calls] == [99, 100, 50]
    assert isinstance(found[7], Refused)
    sent = [one for one in found if isinstance(one, Published)]
    assert [one.request_id for one in sent] == [
        read_message(payload, Limits()).request_id for payload in topic.taken
    ]
    assert [one.message_id for one in sent] == [f"m{n}" for n in range(249)]


def test_many_are_sent_as_they_come() -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    drawn = []

    def messages():
        for number in range(1000):
            drawn.append(number)
            yield _message(priority=number)

    next(client.publish_many(messages()))
    assert len(drawn) <= 101


def test_a_dry_run_tells_what_comes_out_and_calls_nobody() -> None:
    topic = TakenMessages()
    client, _ = _client(topic)
    found = client.dry_run(_message(orbits=[95], direction="DESCENDING"))
    told = found.document()
    assert [task["orbit"] for task in told["tasks"]] == [95]
    assert told["values"] == 3 * told["pixels"]
    assert told["estimate"] == "no history"
    assert client.dry_run(_message()).document()["tasks"] == "found at launch"
    assert topic.calls == []


def test_a_dry_run_estimates_by_the_history_that_it_is_given() -> None:
    asked = []

    def history(work: str) -> list[Sample]:
        asked.append(work)
        return [Sample(1e6, 100.0, 0.5)] * 5

    client, _ = _client(TakenMessages(), history=history)
    found = client.dry_run(_message(orbits=[95], direction="DESCENDING"))
    assert asked == ["focal_median-10px"]
    assert found.estimate is not None
    assert found.estimate.eecu_s.median > 0


def test_it_names_its_topic_and_is_closed_once() -> None:
    topic = TakenMessages()
    with Client("p-1", "prod", publisher=topic) as client:
        assert client.topic == "projects/p-1/topics/s1r-prod-requests"
    assert topic.closed
    client.close()
    assert Client(topic="projects/a/topics/b").topic == "projects/a/topics/b"
    with pytest.raises(ValueError, match="name a project"):
        Client()
