"""Feeds are asked when they are due, politely; what goes wrong is told, and asked for later."""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.records import AlertState, FetchRecord, Kind
from s1ratio.ports import Answer
from tests.support.alert_world import AlertWorld, documents
from tests.unit.alerts import samples
from tests.unit.alerts.samples import dumped
from tests.unit.services.alerts.test_record import own_feed

URL = "https://feeds.example.org/alerts.json"
GOOD = Answer(200, dumped(samples.feature()), etag='"a"', modified="Wed, 04 Mar 2026 06:00:00 GMT")


@pytest.fixture
def world(tmp_path: Any) -> Any:
    made = AlertWorld(tmp_path, shipped=False)
    yield made
    made.close()


def add(world: AlertWorld, **fetch: Any) -> None:
    world.apply(Kind.FEED, own_feed(fetch={"url": URL, "every_min": 10} | fetch))


def known(world: AlertWorld) -> FetchRecord:
    return world.store.get_fetches(["mine"])["mine"]


def play(world: AlertWorld, *answers: Answer, url: str = URL) -> None:
    world.feeds.answers[url] = list(answers)


def test_a_feed_is_fetched_and_recorded(world: AlertWorld) -> None:
    add(world)
    play(world, GOOD)
    assert world.fetch().new == 1
    assert world.alert("mine", "OWN-77").state is AlertState.RECORDED
    assert (known(world).succeeded_at, known(world).error) == (world.clock.now(), None)


def test_it_is_asked_no_sooner_than_it_is_due_and_only_for_what_changed(world: AlertWorld) -> None:
    add(world)
    play(world, GOOD, Answer(304))
    world.fetch()
    assert world.fetch(minutes=9).asked == 0
    report = world.fetch(minutes=1)
    assert (report.asked, report.unchanged, report.new) == (1, 1, 0)
    _, headers = world.feeds.calls[1]
    assert headers["If-None-Match"] == '"a"'
    assert headers["If-Modified-Since"] == "Wed, 04 Mar 2026 06:00:00 GMT"


def test_who_knows_no_etag_is_compared_by_what_it_says(world: AlertWorld) -> None:
    add(world)
    play(world, Answer(200, GOOD.body))
    world.fetch()
    assert world.fetch(minutes=10).unchanged == 1


def test_after_news_it_is_left_alone_for_its_quiet_period(world: AlertWorld) -> None:
    add(world, quiet_min=240)
    play(world, GOOD)
    world.fetch()
    assert known(world).due_at == world.clock.now() + timedelta(minutes=240)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(429, error="HTTP 429: slow down", wait_s=7_200.0), "429"),
        (Answer(500, error="HTTP 500: "), "500"),
        (Answer(200, error="the answer ends early"), "early"),
        (Answer(200, GOOD.body[:50]), "can't be read"),
        (Answer(200, b""), "can't be read"),
        (Answer(200, b"<html>busy</html>"), "can't be read|begins"),
        (Answer(0, error="no answer: TimeoutError"), "Timeout"),
    ],
)
def test_what_goes_wrong_is_told_and_nothing_recorded(
    world: AlertWorld, answer: Answer, words: str
) -> None:

    add(world)
    play(world, answer, GOOD)
    report = world.fetch()
    found = known(world)
    if b"html" not in answer.body:
        assert (report.new, report.troubles) == (0, 1)
        assert re.search(words, found.error or "")
        assert world.store.get_message("x") is None
        assert found.due_at >= world.clock.now() + timedelta(seconds=answer.wait_s or 600)
        world.clock.advance(found.due_at - world.clock.now())
        assert world.fetch().new == 1
        assert (known(world).tries, known(world).error) == (0, None)


def test_it_is_asked_less_and_less_often_while_it_fails(world: AlertWorld) -> None:
    add(world)
    play(world, Answer(503, error="HTTP 503: "))
    waits = []
    for _ in range(9):
        world.fetch()
        waits.append((known(world).due_at - world.clock.now()).total_seconds() / 60)
        world.clock.advance(known(world).due_at - world.clock.now())
    assert waits == [10, 20, 40, 80, 160, 320, 360, 360, 360]


def test_firms_error_in_plain_text_with_status_200_is_one(world: AlertWorld) -> None:

    (firms,) = [one for one in documents("feeds") if one["name"] == "firms"]
    url = "https://feeds.example.org/api/s3cret/csv"
    firms["fetch"] |= {"url": url.replace("s3cret", "{secret}")}
    world.apply(Kind.FEED, firms)
    play(
        world,
        Answer(200, b"Invalid MAP_KEY."),
        Answer(200, samples.firms(samples.firms_row())),
        url=url,
    )
    assert world.fetch().troubles == 1
    found = world.store.get_fetches(["firms"])["firms"]
    assert "Invalid MAP_KEY" in (found.error or "")
    assert world.fetch(hours=1).new == 1


def test_a_key_is_filled_in_and_stands_in_no_error_and_no_log(
    world: AlertWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = "https://feeds.example.org/{secret}/alerts"
    add(world, url=url, secret="firms")  # noqa: S106 - a name
    world.fetch()
    assert world.feeds.calls == [("https://feeds.example.org/s3cret/alerts", {})]
    assert "s3cret" not in caplog.text + (known(world).error or "") + repr(world.context())


def test_a_key_may_go_into_a_header(world: AlertWorld) -> None:
    own = {"origin": "https://example.org"}
    add(world, secret="firms", header="x-api-key", headers=own)  # noqa: S106 - a name
    play(world, GOOD)
    world.fetch()
    assert world.feeds.calls[0][1] == {"origin": "https://example.org", "x-api-key": "s3cret"}


@pytest.mark.parametrize(
    ("fetch", "words"),
    [
        ({"url": "https://elsewhere.example.org/a"}, "none of the hosts"),
        ({"url": "http://127.0.0.1/a"}, "none of the hosts"),
        ({"url": "https://feeds.example.org@evil.example.org/a"}, "none of the hosts"),
        ({"url": "https://feeds.example.org:8443/a"}, "none of the hosts"),
        ({"secret": "other"}, "no key 'other'"),
    ],
)
def test_only_hosts_that_are_allowed_are_asked(
    world: AlertWorld, fetch: dict[str, Any], words: str
) -> None:
    add(world, **fetch)
    world.fetch()
    assert world.feeds.calls == []
    assert words in (known(world).error or "")


def test_one_feed_s_trouble_is_its_own(world: AlertWorld) -> None:
    add(world)
    other = "https://feeds.example.org/other.json"
    world.apply(Kind.FEED, own_feed(name="another", fetch={"url": other}))
    play(world, GOOD)

    class Raising(dict[str, Any]):
        def get(self, url: str, default: Any = None) -> Any:
            if url == other:
                raise ZeroDivisionError
            return super().get(url, default)

    world.feeds.answers = Raising(world.feeds.answers)
    report = world.fetch()
    assert (report.new, report.troubles) == (1, 1)


LIST = "https://feeds.example.org/list"


def activation(code: str, revision: str, closed: bool = False) -> dict[str, Any]:
    return {"code": code, "lastUpdate": revision, "closed": closed}


def detail(code: str, **changes: Any) -> Answer:
    body = json.loads(samples.ems(code=code, gdacsId=None, **changes))
    return Answer(200, dumped(body))


@pytest.fixture
def ems(world: AlertWorld) -> AlertWorld:

    (feed,) = [one for one in documents("feeds") if one["name"] == "ems"]
    feed["fetch"] |= {"url": LIST}
    feed["fetch"]["detail"] |= {"url": f"{LIST}?code={{key}}", "max_fetches": 2}
    world.apply(Kind.FEED, feed)
    return world


def lists(*entries: dict[str, Any]) -> Answer:
    return Answer(200, dumped({"count": len(entries), "results": list(entries)}))


def calls(world: AlertWorld) -> list[str]:
    return [url.partition("code=")[2] for url, _ in world.feeds.calls if "code=" in url]


def test_the_detail_of_each_new_or_changed_activation_is_fetched(ems: AlertWorld) -> None:
    first = lists(activation("E1", "1"), activation("E0", "1", closed=True))
    play(ems, first, lists(activation("E1", "2"), activation("E2", "1")), url=LIST)
    for code in ("E1", "E2"):
        play(ems, detail(code), url=f"{LIST}?code={code}")
    assert ems.fetch().new == 1
    assert ems.fetch(minutes=30).new == 1
    assert calls(ems) == ["E1", "E1", "E2"]
    assert ems.fetch(minutes=30).unchanged == 1
    assert calls(ems) == ["E1", "E1", "E2"]


def test_many_details_are_fetched_in_several_goes(ems: AlertWorld) -> None:
    codes = [f"E{i}" for i in range(5)]
    play(ems, lists(*(activation(code, "1") for code in codes)), url=LIST)
    for code in codes:
        play(ems, detail(code), url=f"{LIST}?code={code}")
    new = [ems.fetch(minutes=31).new for _ in range(4)]
    assert new == [2, 2, 1, 0]


def test_a_detail_that_fails_is_fetched_again_and_the_others_are_not(ems: AlertWorld) -> None:
    play(ems, lists(activation("E1", "1"), activation("E2", "1")), url=LIST)
    play(ems, detail("E1"), url=f"{LIST}?code=E1")
    play(ems, Answer(500, error="HTTP 500: "), detail("E2"), url=f"{LIST}?code=E2")
    report = ems.fetch()
    assert (report.new, report.troubles) == (1, 1)
    assert ems.fetch(hours=1).new == 1
    assert calls(ems) == ["E1", "E2", "E2"]


def test_how_long_a_feed_is_silent_is_told(
    world: AlertWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    add(world, silent_after_h=6)
    play(world, GOOD, Answer(500, error="HTTP 500: "))
    world.fetch()
    world.fetch(hours=6)
    world.fetch(hours=6)
    told = [r for r in caplog.records if getattr(r, "event", "") == "feed.fetched"]
    assert [vars(r)["silent_s"] for r in told] == [0, 21_600, 43_200]
    assert [vars(r)["overdue"] for r in told] == [0, 1, 2]
