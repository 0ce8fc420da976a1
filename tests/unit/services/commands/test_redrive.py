"""Redrive: nothing is lost, nothing is sent for ever, and a crash only makes a second copy."""

from contextlib import suppress
from pathlib import Path

import pytest

from s1ratio.errors import PubSubUnavailable
from s1ratio.ports import DeadLetter
from s1ratio.records import RequestState
from s1ratio.services.commands.redrive import COUNT, Fate, Redriven, Rules, redrive
from tests.support.simulated import Breaker, Crashed, World, broken, message
from tests.support.simulated.pubsub import SimulatedDeadLetters, SimulatedTopic


def letter(
    message_id: str = "m1", data: bytes = b"{}", attributes: dict[str, str] | None = None
) -> DeadLetter:
    return DeadLetter("", message_id, data, attributes or {})


def letters(count: int) -> SimulatedDeadLetters:
    return SimulatedDeadLetters(*(letter(f"m{i}", b"%d" % i) for i in range(count)))


def run(
    dead: SimulatedDeadLetters, topic: SimulatedTopic, rules: Rules | None = None
) -> list[Redriven]:
    return list(redrive(dead, topic, rules or Rules()))


def fates(done: list[Redriven]) -> list[Fate]:
    return [one.fate for one in done]


def test_every_letter_is_sent_as_it_was_first_published_and_forgotten() -> None:
    given_up = {
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": "launch",
        "CloudPubSubDeadLetterSourceSubscriptionProject": "p",
        "CloudPubSubDeadLetterSourceTopicPublishTime": "2024-01-01T00:00:00Z",
    }
    dead = SimulatedDeadLetters(letter("m1", b"\xff\x00 any", {"source": "me", **given_up}))
    topic = SimulatedTopic()
    assert run(dead, topic) == [Redriven("m1", 0, Fate.SENT)]
    assert topic.messages == [(b"\xff\x00 any", {"source": "me", COUNT: "1"})]
    assert dead.left == []


def test_more_letters_than_one_pull_brings_all_go() -> None:
    dead, topic = letters(130), SimulatedTopic()
    dead.fruitless = 1
    assert fates(run(dead, topic)) == [Fate.SENT] * 130
    assert dead.left == []


def test_no_more_than_asked_for_are_sent_and_none_of_the_rest_is_held() -> None:
    dead, topic = letters(30), SimulatedTopic()
    assert len(run(dead, topic, Rules(limit=25))) == len(topic.messages) == 25
    assert len(dead.left) == 5
    assert dead.held == []


@pytest.mark.parametrize("count", ["3", "4", "999"])
def test_one_that_came_back_too_often_stays_and_is_told(count: str) -> None:
    dead = SimulatedDeadLetters(
        letter("m1", attributes={COUNT: count}), letter("m2", attributes={COUNT: "2"})
    )
    topic = SimulatedTopic()
    kept, sent = run(dead, topic)
    assert (kept.fate, kept.before, sent.fate) == (Fate.KEPT, int(count), Fate.SENT)
    assert "--force" in kept.words
    assert topic.messages == [(b"{}", {COUNT: "3"})]
    assert dead.left == ["m1"]
    assert dead.held == [], "the next one to look can pull it"

    assert fates(run(dead, topic, Rules(force=True))) == [Fate.SENT]
    assert topic.messages[-1] == (b"{}", {COUNT: str(int(count) + 1)})


@pytest.mark.parametrize("count", ["", "x", "-1", "1.5", "٣", "9" * 1_000])
def test_a_count_that_none_of_ours_wrote_is_none(count: str) -> None:
    topic = SimulatedTopic()
    run(SimulatedDeadLetters(letter(attributes={COUNT: count})), topic)
    assert topic.messages == [(b"{}", {COUNT: "1"})]


def test_one_that_stays_is_looked_at_once_though_its_deadline_is_over() -> None:
    dead = SimulatedDeadLetters(*(letter(f"m{i}", attributes={COUNT: "3"}) for i in range(30)))
    done = []
    for one in redrive(dead, SimulatedTopic(), Rules()):
        done.append(one)
        dead.lapse()
    assert len(done) == len({one.message_id for one in done}) == 30
    assert dead.held == []


def test_a_dry_run_sends_nothing_and_gives_all_back() -> None:
    dead, topic = letters(3), SimulatedTopic()
    assert fates(run(dead, topic, Rules(dry_run=True))) == [Fate.WOULD_BE_SENT] * 3
    assert topic.messages == []
    assert (len(dead.left), dead.held) == (3, [])


def test_one_that_is_refused_stays_and_does_not_stop_the_others() -> None:
    many = {f"a{i}": "x" for i in range(100)}
    dead = SimulatedDeadLetters(letter("m1", attributes=many), letter("m2"))
    refused, sent = run(dead, SimulatedTopic())
    assert (refused.fate, sent.fate) == (Fate.REFUSED, Fate.SENT)
    assert "refused" in refused.words
    assert dead.left == ["m1"]


def test_a_topic_that_does_not_answer_ends_it_with_all_that_is_left_in_place() -> None:
    dead, topic = letters(5), SimulatedTopic()
    going = redrive(dead, topic, Rules())
    next(going)
    topic.down = True
    with pytest.raises(PubSubUnavailable):
        next(going)
    assert dead.left == ["m1", "m2", "m3", "m4"]
    assert dead.held == []


def test_a_crash_at_any_call_loses_nothing_and_doubles_are_one_request(tmp_path: Path) -> None:
    payloads = {message(request_id=name): name for name in ("r1", "r2", "r3")}
    whole = Breaker()
    _crash_and_go_on(whole, list(payloads))
    assert {"pull", "publish", "acknowledge"} <= set(whole.log)
    doubles = 0
    for at in range(1, len(whole.log) + 1):
        for after in (False, True):
            topic = _crash_and_go_on(Breaker(at, after), list(payloads))
            sent = [data for data, _ in topic.messages]
            assert set(sent) == set(payloads)
            doubles += len(sent) - len(payloads)
            if len(sent) > len(payloads):
                _assert_one_request_each(sent, payloads, tmp_path / f"{at}-{after}")
    assert doubles == 6, "for each letter: after the publication, and before its acknowledgement"


def _crash_and_go_on(breaker: Breaker, payloads: list[bytes]) -> SimulatedTopic:
    dead = SimulatedDeadLetters(*(letter(f"m{i}", data) for i, data in enumerate(payloads)))
    topic = SimulatedTopic()
    with suppress(Crashed):
        list(redrive(broken(dead, breaker), broken(topic, breaker), Rules()))
    dead.lapse()
    run(dead, topic)
    assert dead.left == []
    return topic


def _assert_one_request_each(sent: list[bytes], payloads: dict[bytes, str], folder: Path) -> None:
    folder.mkdir()
    world = World(folder)
    for data in sent:
        world.launch(data)
    for name in payloads.values():
        assert world.request(name).state is RequestState.ACCEPTED
        world.assert_sound(name)
        assert len(world.tasks(name)) == 2
    world.close()
