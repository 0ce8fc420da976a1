"""Pub/Sub's genuine emulator: letters are pulled, sent and forgotten, by adapter and by command."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

import pytest
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.adapters.pubsub import PubSubDeadLetters, PubSubPublisher
from s1ratio.cli.main import main
from s1ratio.errors import PubSubError, PubSubUnavailable
from s1ratio.ports import DeadLetter
from s1ratio.services.commands.redrive import COUNT
from tests.support import unresponsive_servers as silent
from tests.support.object_stores import BUSY_S

emulated = pytest.mark.emulators


class Topic:
    """A topic with one subscription to it, in the emulator."""

    def __init__(self, project: str, topic: str, subscription: str) -> None:
        self.name = f"projects/{project}/topics/{topic}"
        self.subscription = f"projects/{project}/subscriptions/{subscription}"
        with PublisherClient() as publisher, SubscriberClient() as subscriber:
            publisher.create_topic(name=self.name, timeout=20)
            request = {"name": self.subscription, "topic": self.name, "ack_deadline_seconds": 60}
            subscriber.create_subscription(request=request, timeout=20)

    def publish(self, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        with closing(PubSubPublisher(self.name)) as publisher:
            publisher.publish(data, attributes or {})

    def letters(self) -> list[tuple[bytes, dict[str, str]]]:
        """Take all that is there."""
        with closing(PubSubDeadLetters(self.subscription, wait_s=0.3)) as dead:
            pulled = dead.pull(100)
            for letter in pulled:
                dead.acknowledge(letter)
        return sorted((letter.data, dict(letter.attributes)) for letter in pulled)


@pytest.fixture
def requests(pubsub_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch) -> Topic:
    """The topic of requests, as the deployment `dev` names it."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    monkeypatch.setenv("S1RATIO_PROJECT", project)
    # The command's own process has no handler of the functions, whose lines go to stdout.
    monkeypatch.setattr(logging.getLogger("s1ratio"), "propagate", False)
    return Topic(project, "s1r-dev-requests", "watch")


@pytest.fixture
def dead(requests: Topic, project: str) -> Topic:
    """The topic of its dead letters."""
    assert requests
    return Topic(project, "s1r-dev-dead", "s1r-dev-requests-dead")


# Names that the client's own `publish` has parameters of.
ATTRIBUTES = {"topic": "a", "data": "b", "retry": "c", "timeout": "d", "ordering_key": "e"}


@emulated
@pytest.mark.parametrize(
    ("data", "attributes"),
    [(b"\x00\xff", {}), (b"", {"only": "this"}), (b"x", ATTRIBUTES), (b"y" * 3_000_000, {})],
    ids=["bytes", "attributes", "odd names", "large"],
)
def test_what_is_published_is_pulled_once(
    requests: Topic, data: bytes, attributes: dict[str, str]
) -> None:
    requests.publish(data, attributes)
    assert requests.letters() == [(data, attributes)]
    assert requests.letters() == [], "an empty subscription is no error"


@emulated
def test_a_letter_that_is_released_is_to_be_had_again_at_once(requests: Topic) -> None:
    requests.publish(b"one")
    with closing(PubSubDeadLetters(requests.subscription, wait_s=0.3)) as dead:
        (letter,) = dead.pull(10)
        assert dead.pull(10) == [], "it is out"
        dead.release([letter])
        assert [one.data for one in _pulled(dead)] == [b"one"]


def _pulled(dead: PubSubDeadLetters) -> list[DeadLetter]:
    for _ in range(20):
        if pulled := dead.pull(10):
            return list(pulled)
    return []


@emulated
def test_what_is_refused_is_told_at_once(requests: Topic, project: str) -> None:
    with pytest.raises(PubSubError, match="refused: publish to") as caught:
        requests.publish(b"")
    assert not caught.value.retry
    nowhere = f"projects/{project}/topics/nowhere"
    with closing(PubSubPublisher(nowhere)) as publisher, pytest.raises(PubSubError, match="nowher"):
        publisher.publish(b"x", {})
    missing = f"projects/{project}/subscriptions/nowhere"
    with closing(PubSubDeadLetters(missing)) as letters, pytest.raises(PubSubError, match="nowher"):
        letters.pull(1)


LETTER = DeadLetter("handle", "1", b"", {})
SUBSCRIPTION = "projects/p/subscriptions/s"
CALLS: dict[str, Callable[[Any, PubSubPublisher], object]] = {
    "publish": lambda _, publisher: publisher.publish(b"x", {}),
    "pull": lambda dead, _: dead.pull(5),
    "acknowledge": lambda dead, _: dead.acknowledge(LETTER),
    "release": lambda dead, _: dead.release([LETTER]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("server", [silent.refused, silent.mute, silent.dripping])
def test_pubsub_that_does_not_answer_is_unavailable_by_the_deadline(
    server: Callable[[], Any],
    call: Callable[[Any, PubSubPublisher], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deadline_s = 0.6
    with server() as address:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", address)
        with (
            closing(PubSubDeadLetters(SUBSCRIPTION, deadline_s)) as dead,
            closing(PubSubPublisher("projects/p/topics/t", deadline_s)) as publisher,
        ):
            began = time.monotonic()
            with pytest.raises(PubSubUnavailable, match="did not answer"):
                call(dead, publisher)
            assert time.monotonic() - began < deadline_s + BUSY_S


@emulated
def test_the_command_sends_the_letters_of_the_deployment(
    requests: Topic, dead: Topic, capsys: pytest.CaptureFixture[str]
) -> None:
    dead.publish(b"fresh", {"who": "me", "CloudPubSubDeadLetterSourceDeliveryCount": "5"})
    dead.publish(b"stale", {COUNT: "3"})

    assert main(["redrive", "--dry-run"]) == 1
    assert "1 would be sent, 1 kept" in capsys.readouterr().out
    assert requests.letters() == []

    assert main(["redrive", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["topic"], told["subscription"]) == (requests.name, dead.subscription)
    assert sorted(one["fate"] for one in told["letters"]) == ["kept", "sent"]
    assert requests.letters() == [(b"fresh", {"who": "me", COUNT: "1"})]

    assert main(["redrive", "--force"]) == 0
    assert requests.letters() == [(b"stale", {COUNT: "4"})]
    assert main(["redrive"]) == 0
    assert "no dead letters" in capsys.readouterr().out


@emulated
def test_the_command_takes_other_names_and_no_more_than_it_is_told(
    requests: Topic, dead: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        dead.publish(b"%d" % number)
    assert main(["redrive", "--topic", "s1r-dev-requests", "--max", "2"]) == 0
    monkeypatch.delenv("S1RATIO_PROJECT")
    full = ["--subscription", dead.subscription, "--topic", requests.name]
    assert main(["redrive", *full]) == 0
    assert [data for data, _ in requests.letters()] == [b"0", b"1", b"2"]


def test_the_command_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    assert main(["redrive"]) == 2
    assert "S1RATIO_PROJECT" in capsys.readouterr().err
    for wrong in ("0", "x", "-1", "٣"):
        with pytest.raises(SystemExit, match="2"):
            main(["redrive", "--max", wrong])


def test_the_command_says_that_pubsub_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("S1RATIO_PROJECT", "some-project")
    with silent.refused() as address:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", address)
        assert main(["redrive", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["letters"] == []
    assert "Pub/Sub did not answer: pull projects/some-project/subscriptions/s1r-dev-" in said.err
