"""The client's commands: what is published, under which id, what is refused before."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from s1ratio.client import Client, Commanded, InvalidRequest, PubSubUnavailable
from s1ratio.commands import Pause, RegionTarget, read_command
from s1ratio.commands.model import NAMES
from tests.support.taken_messages import TakenMessages

WHEN = dt.datetime(2026, 12, 24, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))
CALLS: list[tuple[Callable[[Client], Commanded], dict[str, Any]]] = [
    (lambda to: to.cancel("r-1"), {"command": "cancel", "target": {"request": "r-1"}}),
    (lambda to: to.cancel(task="r-1-x"), {"command": "cancel", "target": {"task": "r-1-x"}}),
    (lambda to: to.retry("r-1"), {"command": "retry", "target": {"request": "r-1"}}),
    (
        lambda to: to.raise_priority("r-1", 9),
        {"command": "raise", "target": {"request": "r-1"}, "priority": 9},
    ),
    (lambda to: to.pause("po"), {"command": "pause", "target": {"region": "po"}}),
    (
        lambda to: to.resume("po", catch_up=False),
        {"command": "resume", "target": {"region": "po"}, "catch_up": False},
    ),
    (lambda to: to.run("po"), {"command": "run", "target": {"region": "po"}}),
    (
        lambda to: to.silence(WHEN, hazard="flood", reason="an exercise"),
        {
            "command": "silence",
            "target": {"hazard": "flood"},
            "ends_at": "2026-12-24T12:00:00Z",
            "reason": "an exercise",
        },
    ),
    (
        lambda to: to.publish_command(Pause(target=RegionTarget(region="po"))),
        {"command": "pause", "target": {"region": "po"}},
    ),
    (
        lambda to: to.publish_command({"command": "run", "target": {"region": "po"}}),
        {"command": "run", "target": {"region": "po"}},
    ),
]


def str_of(value: Any) -> str:
    """Return a case's name, the same in each process."""
    return str(value)[:40] if isinstance(value, dict) else "call"


@pytest.mark.parametrize(("call", "expected"), CALLS, ids=str_of)
def test_what_is_published_is_a_command_under_a_new_id(
    call: Callable[[Client], Commanded], expected: dict[str, Any]
) -> None:
    topic = TakenMessages()
    client = Client("p-1", command_publisher=topic)
    sent = [call(client), call(client)]
    read = [read_command(payload) for payload in topic.taken]
    assert [one.command_id for one in sent] == [one.id for one in read]
    assert read[0].id != read[1].id
    message = json.loads(topic.taken[0])
    assert message.pop("id") == sent[0].command_id
    assert message == expected


def test_every_command_has_its_method() -> None:
    assert {expected["command"] for _, expected in CALLS} == set(NAMES)


def test_what_is_said_with_it_goes_along() -> None:
    topic = TakenMessages()
    client = Client("p-1", command_publisher=topic)
    said = client.cancel("r-1", by="anna", reason="no", expires_at=WHEN, command_id="mine-1")
    assert said == Commanded("mine-1", "m0")
    command = read_command(topic.taken[0]).command
    assert (command.by, command.reason, command.expires_at) == ("anna", "no", WHEN)


def test_an_area_may_be_a_geometry() -> None:
    topic = TakenMessages()
    area = shapely.box(15, 48, 16, 49)
    Client("p-1", command_publisher=topic).silence(WHEN, area=area, reason="an exercise")
    assert json.loads(topic.taken[0])["target"]["area"]["type"] == "Polygon"


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda to: to.cancel(), "target"),
        (lambda to: to.cancel("r-1", task="r-1-x"), "target"),
        (lambda to: to.cancel("A/b"), "target.request"),
        (lambda to: to.raise_priority("r-1", 10_000), "priority"),
        (lambda to: to.pause("po", command_id="Ä"), "id"),
        (lambda to: to.pause("po", expires_at=dt.datetime(2026, 1, 1)), ""),  # noqa: DTZ001
        (lambda to: to.silence(WHEN, reason="an exercise"), "target"),
        (lambda to: to.silence(WHEN, hazard="flood"), "reason"),
        (lambda to: to.publish_command({"command": "delete"}), ""),
    ],
)
def test_what_is_wrong_is_not_sent(call: Callable[[Client], Commanded], path: str) -> None:
    topic = TakenMessages()
    with pytest.raises(InvalidRequest) as refused:
        call(Client("p-1", command_publisher=topic))
    assert refused.value.faults[0].path == path
    assert topic.taken == []


def test_a_topic_that_does_not_answer_is_tried_again_with_the_same_command() -> None:
    slept: list[float] = []
    topic = TakenMessages(PubSubUnavailable("silent"), PubSubUnavailable("silent"))
    client = Client("p-1", command_publisher=topic, sleep=slept.append)
    sent = client.run("po")
    assert len(slept) == 2
    assert read_command(topic.taken[-1]).id == sent.command_id


def test_its_topic_is_the_deployment_s_or_named() -> None:
    assert Client("p-1", "prod").commands_topic == "projects/p-1/topics/s1r-prod-commands"
    named = Client("p-1", commands_topic="projects/q/topics/t")
    assert named.commands_topic == "projects/q/topics/t"
    with pytest.raises(ValueError, match="name a project"):
        Client(topic="projects/p/topics/t").run("po")
