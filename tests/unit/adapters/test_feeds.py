"""Feeds over real sockets: a server that plays recorded days, and all that servers do wrong."""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.feeds import HttpFeeds
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.ports import Answer
from s1ratio.services.alerts.fetch import fetch_feeds
from tests.support.alert_world import AlertWorld, documents
from tests.unit.alerts import samples

BODY = samples.usgs(samples.usgs_event())


class Play:
    """What the server answers, by path: status, headers, body, and how it misbehaves."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []


@pytest.fixture
def play() -> Iterator[tuple[Play, str]]:
    """Return what a loopback server plays, and its address."""
    script = Play()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            script.asked.append((self.path, dict(self.headers)))
            answers = script.answers.get(self.path, [(404, {}, b"")])
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
            drip = headers.pop("X-Drip", None)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if drip:
                for i in range(len(body)):
                    self.wfile.write(body[i : i + 1])
                    time.sleep(float(drip))
            else:
                self.wfile.write(body)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            del format, args

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # who asked has gone
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield script, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetch(url: str, deadline_s: float = 5.0, headers: Mapping[str, str] | None = None) -> Answer:
    return HttpFeeds().fetch(url, headers or {}, deadline_s, 100_000)


def test_an_answer_comes_whole_with_its_tags(play: tuple[Play, str]) -> None:
    script, url = play
    script.answers["/a?b=1"] = [(200, {"ETag": '"x"', "Last-Modified": "then"}, BODY)]
    found = fetch(f"{url}/a?b=1", headers={"If-None-Match": '"w"'})
    assert found == Answer(200, BODY, '"x"', "then")
    assert script.asked[0][1]["If-None-Match"] == '"w"'


def test_what_did_not_change_has_no_body(play: tuple[Play, str]) -> None:
    script, url = play
    script.answers["/a"] = [(304, {"ETag": '"x"'}, b"")]
    assert fetch(f"{url}/a") == Answer(304, etag='"x"')


def test_it_may_be_packed(play: tuple[Play, str]) -> None:
    script, url = play
    script.answers["/a"] = [(200, {"Content-Encoding": "gzip"}, gzip.compress(BODY))]
    assert fetch(f"{url}/a").body == BODY


@pytest.mark.parametrize(
    ("answer", "words", "wait_s"),
    [
        ((429, {"Retry-After": "120"}, b"slow down"), "HTTP 429: slow down", 120),
        ((429, {"Retry-After": "Wed, 04 Mar 2015 06:00:00 GMT"}, b""), "HTTP 429", 0),
        ((429, {"Retry-After": "99999999999"}, b""), "HTTP 429", 86_400),
        ((503, {"Retry-After": "soon"}, b""), "HTTP 503", None),
        ((500, {}, b"<html>\noops</html>"), "HTTP 500: <html> oops</html>", None),
        ((302, {"Location": "http://169.254.169.254/"}, b""), "HTTP 302", None),
        ((200, {"Content-Length": "99999"}, BODY), "ends early", None),
        ((200, {}, b"x" * 200_000), "over 100000 bytes", None),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 9_000_000)), "over 100000", None),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(BODY)[:-20]), "ends early", None),
        ((200, {"Content-Encoding": "gzip"}, b"not packed"), "no answer", None),
        ((200, {"X-Drip": "0.2"}, BODY), "no answer: TimeoutError", None),
    ],
)
def test_what_a_server_does_wrong_is_told_and_never_raised(
    play: tuple[Play, str],
    answer: tuple[int, dict[str, str], bytes],
    words: str,
    wait_s: float | None,
) -> None:
    script, url = play
    script.answers["/a"] = [answer]
    found = fetch(f"{url}/a", deadline_s=1.5)
    assert words in (found.error or "")
    assert found.body == b""
    assert found.wait_s == wait_s
    assert len(script.asked) == 1  # nothing is followed, and nothing tried again


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/s3cret", "http://[", "http://x y/s3cret"])
def test_who_can_t_be_reached_is_told_without_the_address(url: str) -> None:
    found = fetch(url)
    assert found.error is not None
    assert "s3cret" not in found.error


def test_a_recorded_day_is_played_and_each_event_recorded_once(
    play: tuple[Play, str], tmp_path: Path
) -> None:
    """An hour of USGS: a quake, nothing new, an error, a truncated answer, a revision."""
    script, url = play
    later = samples.usgs(
        samples.usgs_event(mag=6.6, updated=1772609900000), samples.usgs_event(id="us2")
    )
    script.answers["/usgs"] = [
        (200, {"ETag": '"1"'}, BODY),
        (304, {}, b""),
        (500, {}, b"busy"),
        (200, {"Content-Length": "9999"}, BODY),
        (200, {}, BODY[:200]),
        (429, {"Retry-After": "1800"}, b""),
        (200, {"ETag": '"2"'}, later),
    ]
    world = AlertWorld(tmp_path, shipped=False, feed_hosts=url.partition("//")[2])
    (usgs,) = [one for one in documents("feeds") if one["name"] == "usgs"]
    usgs["fetch"] |= {"url": f"{url}/usgs"}
    world.apply(Kind.FEED, usgs)
    world.feeds = HttpFeeds()  # type: ignore[assignment]
    told = []
    while len(script.asked) < 7:
        report = fetch_feeds(world.context())
        told.append((report.new, report.revised, report.unchanged, report.troubles))
        record = world.store.get_fetches(["usgs"])["usgs"]
        world.clock.advance(record.due_at - world.clock.now())
    assert told == [(1, 0, 0, 0), (0, 0, 1, 0), *[(0, 0, 0, 1)] * 4, (1, 1, 0, 0)]
    found = world.alert("usgs", "us6000abcd")
    assert (found.state, found.revisions) == (AlertState.RECORDED, 1)
    world.close()
