"""What a function's process writes is what Cloud Logging reads: JSON, a line an entry."""

import base64
import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.object_stores import dead_port

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GUNICORN = re.compile(r"\[[0-9: +-]+\] \[\d+\] \[[A-Z]+\] ")  # its workers are told to end, too


def process(name: str, folder: Path, **settings: str) -> FunctionProcess:
    environment = {
        "S1RATIO_PROJECT": "a-project",
        "S1RATIO_BUCKET": "bucket",
        "S1RATIO_STORE": f"sqlite:{folder / 'store.sqlite'}",
        "S1RATIO_EE_URL": dead_port(),
        "STORAGE_EMULATOR_HOST": dead_port(),
        **settings,
    }
    return FunctionProcess(deployed(name), name, environment, folder)


def post(function: FunctionProcess, path: str, body: Any) -> int:
    headers = {"X-Cloud-Trace-Context": f"{TRACE}/1;o=1", "content-type": "application/json"}
    request = urllib.request.Request(f"{function.url}{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def push(function: FunctionProcess, message: bytes) -> int:
    body = {
        "message": {"data": base64.b64encode(message).decode(), "messageId": "17"},
        "subscription": "projects/a-project/subscriptions/s",
    }
    return post(function, "/projects/a-project/topics/t", body)


def entries(function: FunctionProcess) -> list[dict[str, Any]]:
    """Return a process's entries; whatever is neither JSON nor gunicorn's own fails the test."""
    lines = function.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line and not GUNICORN.match(line)]


def test_every_line_is_an_entry_and_bears_its_request_s_trace(tmp_path: Path) -> None:
    launch, poll = process("launch_exports", tmp_path), process("poll_tasks", tmp_path)
    with running(launch, poll):
        assert push(launch, b'{"colour": "blue"}') == 200
        assert post(poll, "/", {}) == 200
    rejected, tick = entries(launch)[-1], entries(poll)[-1]
    assert (rejected["event"], rejected["severity"]) == ("message.rejected", "WARNING")
    assert rejected["pubsub_message"] == "17"
    assert (tick["event"], tick["active"], tick["troubles"]) == ("tick", 0, 0)
    for entry in (rejected, tick):
        assert entry["logging.googleapis.com/trace"] == f"projects/a-project/traces/{TRACE}"


@pytest.mark.parametrize("name", ["launch_exports", "poll_tasks"])
def test_what_a_function_raises_is_one_entry_with_its_stack(name: str, tmp_path: Path) -> None:
    function = process(name, tmp_path, S1RATIO_MAX_TASKS="many")
    with running(function):
        assert push(function, b"{}") == 500
    (entry,) = entries(function)
    assert entry["severity"] == "ERROR"
    assert (entry["error_class"], entry["exception"]) == ("settings", "InvalidSettings")
    assert entry["stack_trace"].startswith("Traceback (most recent call last):")
    assert "S1RATIO_MAX_TASKS: 'many' must be a whole number" in entry["stack_trace"]
    assert entry["logging.googleapis.com/trace"] == f"projects/a-project/traces/{TRACE}"
