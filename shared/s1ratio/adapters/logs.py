"""Log lines as Cloud Logging reads them: one JSON object a line on standard output.

The trace id of the request at hand ties a line to Cloud Run's own; the stack of an exception
stands where Error Reporting looks for it. No line is over `MAX_LINE`, whatever its fields are.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from s1ratio.adapters.log_values import Bounds, plain
from s1ratio.errors import ErrorClass
from s1ratio.logevents import subject

_SPOKEN_FOR: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SEVERITIES: Final = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
_GOOGLE: Final = "logging.googleapis.com/"
# Bytes. Cloud Logging takes 256 KiB an entry; what is longer loses its fields.
MAX_LINE: Final = 100_000
# Of what is too long as it is, less and less is kept. The first takes almost any line whole.
_BOUNDS: Final = (Bounds(20_000, 1_000), Bounds(4_000, 100), Bounds(500, 20), Bounds(100, 5))
_ALWAYS: Final = ("severity", "message", "time", "logger", "event")

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_CLOUD_TRACE: Final = re.compile(r"([0-9a-fA-F]{32})(?:/([0-9]{1,20}))?(?:;o=([0-9]+))?")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: severity, message, time, trace, and whatever `extra` named.

    `project` is the one that the trace belongs to; without it no trace is named.
    """

    def __init__(self, project: str | None = None) -> None:
        super().__init__()
        self._project = project

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "severity": record.levelname if record.levelname in _SEVERITIES else "DEFAULT",
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            **subject(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _SPOKEN_FOR})
        line.update(trace_fields(_request_headers(), self._project))
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line.setdefault("error_class", getattr(error, "error_class", ErrorClass.UNEXPECTED))
            line["exception"] = type(error).__name__
            line["stack_trace"] = "".join(traceback.format_exception(*record.exc_info))
        return _written(line)


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Writes to what is standard output then: functions-framework puts its own in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record to what is standard output now."""
        self.stream = sys.stdout
        super().emit(record)


def configure(project: str | None, level: int = logging.INFO) -> None:
    """Send every log line of the process to standard output as JSON, once a process.

    The libraries' lines from WARNING on, and functions-framework's on what a function raised, are
    among them. Whoever has given the product's lines a place already keeps it.
    """
    product, everybody = logging.getLogger("s1ratio"), logging.getLogger()
    if product.handlers or any(isinstance(h, _StandardOutput) for h in everybody.handlers):
        return
    handler = _StandardOutput()
    handler.setFormatter(JsonFormatter(project))
    everybody.addHandler(handler)
    product.setLevel(level)


def trace_fields(headers: Mapping[str, str], project: str | None) -> dict[str, Any]:
    """Return the fields that tie a line to the trace which a request's headers name, or none."""
    found = _of_traceparent(headers.get("traceparent", ""))
    found = found or _of_cloud_trace(headers.get("X-Cloud-Trace-Context", ""))
    if found is None or not project:
        return {}
    trace, span, sampled = found
    fields = {f"{_GOOGLE}trace": f"projects/{project}/traces/{trace}"}
    return {**fields, f"{_GOOGLE}spanId": span, f"{_GOOGLE}trace_sampled": sampled}


def _of_traceparent(text: str) -> tuple[str, str, bool] | None:
    match = _TRACEPARENT.fullmatch(text)
    return (match[1], match[2], bool(int(match[3], 16) & 1)) if match else None


def _of_cloud_trace(text: str) -> tuple[str, str, bool] | None:
    """Read Google's own header, in which the span is a decimal number."""
    match = _CLOUD_TRACE.fullmatch(text)
    return (match[1].lower(), f"{int(match[2] or 0):016x}", match[3] == "1") if match else None


def _request_headers() -> Mapping[str, str]:
    """Return the headers of the HTTP request that this thread answers, or none.

    Of a CloudEvent the function is told no headers; where Flask was never loaded there are none.
    """
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return {}
    headers: Mapping[str, str] = flask.request.headers
    return headers


def _written(line: Mapping[str, Any]) -> str:
    """Return a line's JSON: whole, or with its longest texts and lists cut, or its core alone."""
    core = {name: line[name] for name in _ALWAYS if name in line}
    for bounds in _BOUNDS:
        text = json.dumps({**plain(line, bounds), **plain(core, bounds)}, allow_nan=False)
        if len(text) <= MAX_LINE:  # it is ASCII
            return text
    return json.dumps(plain(core, _BOUNDS[-1]), allow_nan=False)
