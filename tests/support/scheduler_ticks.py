"""Cloud Scheduler: ticks the poller in the background, again and again, whatever becomes of it."""

import http.client
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.emulated_cloud import Cloud

_PAUSE_S = 0.2


@dataclass
class Ticker:
    """Counts of what ticks came to: `done`, `broken` in the middle, `nobody` there, `HTTP n`."""

    outcomes: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    troubles: Counter[str] = field(default_factory=Counter)

    def tick(self, cloud: Cloud) -> None:
        """Tick once."""
        try:
            report = cloud.tick()
        except urllib.error.HTTPError as error:
            self.outcomes[f"HTTP {error.code}"] += 1
        except urllib.error.URLError:
            self.outcomes["nobody"] += 1
        except (http.client.HTTPException, OSError):
            self.outcomes["broken"] += 1
        else:
            self.outcomes["done"] += 1
            self.recovered += int(report.get("recovered", 0))
            self.troubles.update(map(str, report.get("troubles", ())))


@contextmanager
def ticking(cloud: Cloud) -> Iterator[Ticker]:
    """Tick until the context ends."""
    ticker, stop = Ticker(), threading.Event()

    def run() -> None:
        while not stop.wait(_PAUSE_S):
            ticker.tick(cloud)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield ticker
    finally:
        stop.set()
        thread.join()


def until_ended(cloud: Cloud, request_ids: list[str], deadline_s: float) -> None:
    """Wait until all these requests have come to their end; fail after the deadline."""
    waiting = list(request_ids)
    end = time.monotonic() + deadline_s
    while waiting:
        record = cloud.store.get_request(waiting[-1])
        if record is not None and record.state.terminal:
            waiting.pop()
        elif time.monotonic() > end:
            tasks = cloud.store.find_tasks_of(waiting[-1])
            words = f"{len(waiting)} not ended in {deadline_s} s, such as {record} with {tasks}"
            raise AssertionError(words)
        else:
            time.sleep(_PAUSE_S)
