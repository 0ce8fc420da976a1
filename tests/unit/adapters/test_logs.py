"""A log line as Cloud Logging and Error Reporting read it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import flask
import pytest

from s1ratio.adapters import logs
from s1ratio.adapters.logs import JsonFormatter, trace_fields
from s1ratio.errors import QueueFull
from s1ratio.logevents import TROUBLE, UNEXPECTED, about, tell

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
LOG = logging.Logger("of.a.test")  # of no family: pytest can't keep what is no text


class Lines(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter("a-project"))
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def only(self) -> dict[str, Any]:
        (text,) = self.texts
        assert "\n" not in text, "a line break would make two entries"
        return dict(json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON")))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    LOG.addHandler(handler)
    yield handler
    LOG.removeHandler(handler)


def raised(error: Exception) -> Exception:
    try:
        raise error  # noqa: TRY301 - it is the stack that is wanted
    except Exception as same:
        return same


def test_a_line_bears_its_event_its_fields_and_what_it_is_about(lines: Lines) -> None:
    with about(request="r1"), about(task="r1-o058a", attempt=2):
        tell(LOG, TROUBLE, what="the bucket", error_class="bucket")
    found = lines.only()
    assert (found["severity"], found["event"], found["error_class"]) == (
        "WARNING",
        "trouble",
        "bucket",
    )
    assert found["message"] == "trouble: the bucket"
    assert (found["request"], found["task"], found["attempt"]) == ("r1", "r1-o058a", 2)


def test_what_a_line_is_about_ends_with_its_block(lines: Lines) -> None:
    with pytest.raises(ValueError, match="over"), about(request="r1"):
        raise ValueError("over")
    tell(LOG, TROUBLE, what="later")
    assert "request" not in lines.only()


def test_an_exception_has_its_stack_where_error_reporting_looks_for_it(lines: Lines) -> None:
    tell(LOG, UNEXPECTED, raised(LookupError("no such pass\nat all")), what="a pass")
    found = lines.only()
    assert found["severity"] == "ERROR"
    assert (found["error_class"], found["exception"]) == ("unexpected", "LookupError")
    assert found["stack_trace"].startswith("Traceback (most recent call last):\n")
    assert found["stack_trace"].rstrip().endswith("LookupError: no such pass\nat all")


def test_a_fault_of_earth_engine_is_counted_under_its_own_class(lines: Lines) -> None:
    tell(LOG, UNEXPECTED, raised(QueueFull("full")), what="a start")
    assert lines.only()["error_class"] == "queue"


def test_odd_values_make_no_odd_line(lines: Lines) -> None:
    odd = {"eecu_seconds": float("nan"), "files": ["\ud800", {1: object()}], "big": "x" * 900_000}
    LOG.warning("odd\nvalues \ud800", extra=odd)
    found = lines.only()
    assert found["eecu_seconds"] == "nan"
    assert found["files"][0] == "?"
    assert len(lines.texts[0]) < 250_000, "Cloud Logging takes no more in one entry"


def test_a_stack_keeps_both_ends_however_long(lines: Lines) -> None:
    tell(LOG, UNEXPECTED, raised(ValueError("y" * 500_000 + "the end")), what="a long one")
    stack = lines.only()["stack_trace"]
    assert stack.startswith("Traceback (most recent call last):\n")
    assert stack.rstrip().endswith("the end")


@pytest.mark.parametrize(
    ("headers", "span", "sampled"),
    [
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, "00f067aa0ba902b7", True),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-00"}, "00f067aa0ba902b7", False),
        ({"X-Cloud-Trace-Context": f"{TRACE}/67667974448284343;o=1"}, "00f067aa0ba902b7", True),
        ({"X-Cloud-Trace-Context": f"{TRACE}/67667974448284343"}, "00f067aa0ba902b7", False),
        ({"X-Cloud-Trace-Context": TRACE.upper()}, "0" * 16, False),
    ],
)
def test_a_request_s_trace_is_named_as_cloud_logging_wants_it(
    headers: dict[str, str], span: str, sampled: bool
) -> None:
    assert trace_fields(headers, "a-project") == {
        "logging.googleapis.com/trace": f"projects/a-project/traces/{TRACE}",
        "logging.googleapis.com/spanId": span,
        "logging.googleapis.com/trace_sampled": sampled,
    }


@pytest.mark.parametrize(
    "headers",
    [{}, {"traceparent": "00-xyz"}, {"X-Cloud-Trace-Context": "../../etc"}, {"traceparent": ""}],
)
def test_without_a_trace_none_is_named(headers: dict[str, str]) -> None:
    assert trace_fields(headers, "a-project") == {}


def test_without_a_project_none_is_named() -> None:
    assert trace_fields({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, None) == {}


def test_a_line_within_a_request_finds_its_trace_by_itself(lines: Lines) -> None:
    app = flask.Flask("front")
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    with app.test_request_context("/", headers=headers):
        tell(LOG, TROUBLE, what="within")
    found = lines.only()
    assert found["logging.googleapis.com/trace"] == f"projects/a-project/traces/{TRACE}"


def test_each_line_goes_once_to_what_is_standard_output_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everybody = logging.getLogger()
    monkeypatch.setattr(everybody, "handlers", [])
    monkeypatch.setattr(logging.getLogger("s1ratio"), "handlers", [])
    logs.configure("a-project")
    logs.configure("a-project")
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", first)
    logging.getLogger("s1ratio.x").info("ours")
    monkeypatch.setattr(sys, "stdout", second)
    logging.getLogger("urllib3.x").warning("a library's")
    assert [json.loads(text)["message"] for text in first.getvalue().splitlines()] == ["ours"]
    assert [json.loads(text)["logger"] for text in second.getvalue().splitlines()] == ["urllib3.x"]


class Silent:
    """Can't even be said."""

    def __str__(self) -> str:
        raise ValueError("no")


def nested(depth: int) -> Any:
    value: Any = "inside"
    for _ in range(depth):
        value = [{"a": value}]
    return value


LONG: dict[str, Any] = {
    "a megabyte": "x" * 1_000_000,
    "a megabyte of emoji": "\U0001f600" * 250_000,
    "a megabyte of NULs": "\0" * 1_000_000,
    "51 reasons of 20 kB": ["r" * 20_000] * 51,
    "51 reasons of emoji": ["\U0001f600" * 1_000] * 51,
    "a million items": list(range(1_000_000)),
    "100,000 fields": {f"field {number}": number for number in range(100_000)},
    "a name of a megabyte": {"n" * 1_000_000: 1},
    "1,000 names that differ at their end": {"n" * 500 + str(i): "v" * 500 for i in range(1_000)},
    "100,000 deep": nested(100_000),
    "lists of lists of lists": [[["x" * 50] * 50] * 50] * 50,
    "10,000 digits": 10**10_000,
    "an object that says much": type("Much", (), {"__str__": lambda _: "m" * 10**6})(),
    "an object that says nothing": Silent(),
    "bytes": bytes(1_000_000),
}


@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
@pytest.mark.parametrize("field", ["reason", "event", "stack_trace"])
def test_a_line_is_never_too_long(lines: Lines, field: str, value: Any) -> None:
    LOG.error("a long line", extra={"request": "r1", field: value})
    found = lines.only()
    assert len(lines.texts[0].encode()) <= logs.MAX_LINE < 256 * 1_024
    assert (found["severity"], found["message"]) == ("ERROR", "a long line")
    assert found["request"] == "r1"
    assert field in found


@pytest.mark.parametrize("count", [1, 20, 400, 5_000])
def test_many_long_fields_leave_what_a_line_is_at_least(lines: Lines, count: int) -> None:
    fields = {f"field_{number}": "😀" * 30_000 for number in range(count)}
    LOG.error("m" * 500_000, extra={**fields, "event": "unexpected"})
    found = lines.only()
    assert len(lines.texts[0]) <= logs.MAX_LINE
    assert (found["severity"], found["event"]) == ("ERROR", "unexpected")
    assert found["message"].startswith("mmm")
    assert found["time"]


def test_a_message_s_reasons_are_told_whole(lines: Lines) -> None:
    words = [f"aoi.coordinates[{number}]: " + "w" * 300 for number in range(51)]
    LOG.warning("rejected", extra={"reasons": words})
    assert lines.only()["reasons"] == words
