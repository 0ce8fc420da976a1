"""Messages pushed at a function, one after the other: how many a second, and what CPU they cost.

The messages are POSTed as Pub/Sub pushes them, without Pub/Sub, whose emulator would cost more
than what is measured.
"""

import base64
import http.client
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.function_process import FunctionProcess, running
from tests.support.process_usage import Usage

EMPTY = '''"""Does nothing with a message."""

import functions_framework


@functions_framework.cloud_event
def measured(event):
    pass
'''
ONE_SET = '''"""Sets one document of Firestore for each message, and does nothing else."""

import functions_framework
from google.cloud import firestore

_CLIENT = firestore.Client(project="one-set")


@functions_framework.cloud_event
def measured(event):
    _CLIENT.collection("sets").document(event["id"]).set({"data": event.data["message"]["data"]})
'''


@dataclass(frozen=True)
class Cost:
    """What a function made of some messages: messages a second, and ms of CPU a message."""

    rate: float
    cpu_ms: float


def write_function(folder: Path, name: str, source: str) -> Path:
    """Write a function of this source; return its `main.py`."""
    path = folder / name / "main.py"
    path.parent.mkdir()
    path.write_text(source, encoding="utf-8")
    return path


def measure(
    source: Path,
    target: str,
    environment: Mapping[str, str],
    folder: Path,
    *,
    payloads: Sequence[bytes],
    warm: int,
) -> Cost:
    """Run a function, push it the messages; return the cost of all but the `warm` first."""
    process = FunctionProcess(source, target, environment, folder)
    with running(process):
        usage = Usage(process.url)
        _push(process.url, payloads[:warm])
        before, began = usage.cpu_s(), time.monotonic()
        _push(process.url, payloads[warm:])
        count = len(payloads) - warm
        took, cpu = time.monotonic() - began, usage.cpu_s() - before
    return Cost(count / took, 1_000 * cpu / count)


def _push(url: str, payloads: Sequence[bytes]) -> None:
    host = url.removeprefix("http://")
    for number, payload in enumerate(payloads):
        message = {
            "data": base64.b64encode(payload).decode(),
            "messageId": f"{number}",
            "publishTime": "2026-01-01T00:00:00Z",
        }
        body = json.dumps({"message": message, "subscription": "projects/p/subscriptions/s"})
        with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/projects/p/topics/t", body, headers)
            status = connection.getresponse().status
        assert status in {200, 204}, status
