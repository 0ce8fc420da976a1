"""A function that does nothing, behind the same push: how fast the harness itself is."""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.emulated_cloud import Hosts
from tests.support.function_process import FunctionProcess, running
from tests.support.push_topic import push_topic

_WITHIN_S = 120.0
_SOURCE = '''"""Does nothing with a message, but leaves a mark that it came."""

import os

import functions_framework

_MARKS = os.open(os.environ["MARKS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


@functions_framework.cloud_event
def empty(event):
    os.write(_MARKS, b".")
'''


def empty_rate(hosts: Hosts, folder: Path, payloads: Sequence[bytes]) -> float:
    """Return how many of these messages a second it takes in, published at once."""
    source, marks = folder / "empty" / "main.py", folder / "empty" / "marks"
    source.parent.mkdir()
    source.write_text(_SOURCE, encoding="utf-8")
    process = FunctionProcess(source, "empty", {"MARKS": str(marks)}, folder)
    with running(process), push_topic(hosts.project, "empty", process.url) as topic:
        began = time.monotonic()
        topic.publish(*payloads)
        while marks.stat().st_size < len(payloads):
            assert time.monotonic() - began < _WITHIN_S, f"{marks.stat().st_size} were taken in"
            time.sleep(0.01)
        return len(payloads) / (time.monotonic() - began)
