"""Programs that listen to events, as processes: those that the page of events shows."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from tests.conventions.source import PACKAGE
from tests.support.page_blocks import blocks_of

PAGE = PACKAGE / "events" / "README.md"
_CALL_S = 20.0
_PROJECT = "my-project"


def make_events_topic(project: str, *subscriptions: str) -> str:
    """Make a topic of events with subscriptions that keep its order; return its full name."""
    name = f"projects/{project}/topics/s1r-test-events"
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=name, timeout=_CALL_S)
        for each in subscriptions:
            request = {
                "name": f"projects/{project}/subscriptions/{each}",
                "topic": name,
                "enable_message_ordering": True,
                "ack_deadline_seconds": 10,
            }
            subscriber.create_subscription(request=request, timeout=_CALL_S)
    return name


class SubscriberProcess:
    """One of the page's programs, that may be killed and started again; it lives in `folder`."""

    def __init__(
        self, name: str, project: str, host: str, folder: Path, arguments: Sequence[str] = ()
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self._arguments = folder, arguments
        self._path = folder / name
        self._path.write_text(blocks_of(PAGE)[name].replace(_PROJECT, project), encoding="utf-8")
        self._environment = {**os.environ, "PUBSUB_EMULATOR_HOST": host}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; whatever it says is kept in its folder."""
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, self._path, *self._arguments],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=_CALL_S)
            self._process = None

    def revive(self) -> None:
        """Start it again if it ended by itself, as whoever runs it would."""
        if self._process is None or self._process.poll() is not None:
            self.start()


def told_once(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return what `once.py` has done so far: id, type, subject and state of events."""
    path = folder / "events.sqlite"
    if not path.is_file():
        return []
    with closing(sqlite3.connect(path, timeout=_CALL_S)) as file:
        try:
            rows = file.execute("SELECT id, type, subject, state FROM told ORDER BY rowid")
            return [tuple(row) for row in rows]
        except sqlite3.OperationalError:  # not made yet
            return []


def await_told(process: SubscriberProcess, ids: set[str], within_s: float) -> None:
    """Wait until all of these events were dealt with; fail after that time."""
    end = time.monotonic() + within_s
    while missing := ids - {row[0] for row in told_once(process.folder)}:
        process.revive()
        assert time.monotonic() < end, f"{len(missing)} were not told: {sorted(missing)[:5]}"
        time.sleep(0.2)
