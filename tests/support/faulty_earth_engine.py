"""An Earth Engine behind a bad wire: a share of its answers are refusals, errors, or none at all.

Which ones follows from a seed and the request alone, not from the order in which they come.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.intercepting_servers import (
    Answer,
    Answering,
    Cut,
    Sent,
    passing_on,
    refusing,
    serving,
)

_FULL = "Too many tasks already in the queue (3000). Please wait for some of them to complete."
_USED = "A different Operation was already started with the given request_id."


@dataclass
class FaultyEarthEngine:
    """Answers for the Earth Engine at `behind`; `share` of its answers go wrong.

    `dealt` counts them by kind, `answers` counts all.
    """

    behind: Answering
    seed: int
    share: float
    answers: int = 0
    dealt: Counter[str] = field(default_factory=Counter)
    _seen: Counter[bytes] = field(default_factory=Counter)
    _burned: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, sent: Sent) -> Answer:
        """Answer one request; raise Cut where there is no answer."""
        with self._lock:
            kind = self._fault_of(sent)
            self.answers += 1
            self.dealt.update([kind] if kind else [])
        return _FAULTS[kind](self, sent) if kind else self.pass_on(sent)

    def told(self) -> str:
        """Return what was dealt in words."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.dealt.items()))
        return f"{self.dealt.total()} of Earth Engine's {self.answers} answers were bad ({kinds})"

    def pass_on(self, sent: Sent) -> Answer:
        """Do as asked, but for an export whose request id was used up by a refusal."""
        if _request_id(sent) in self._burned:
            return refusing(400, _USED)(sent)
        return self.behind(sent)

    def _fault_of(self, sent: Sent) -> str | None:
        """Return what goes wrong with a request; the same one again may fare better."""
        what = sent.path.rpartition("/")[2].encode() + b"|" + sent.body
        self._seen[what] += 1
        chance = random.Random(b"%d|%d|%s" % (self.seed, self._seen[what], what))  # noqa: S311
        return chance.choice(sorted(_FAULTS)) if chance.random() < self.share else None

    def full(self, sent: Sent) -> Answer:
        """Refuse an export for want of room: its request id is used up all the same."""
        request_id = _request_id(sent)
        if request_id is None:
            return refusing(429, "Too many requests.")(sent)
        with self._lock:
            self._burned.add(request_id)
        return refusing(429, _FULL)(sent)

    def error_before(self, sent: Sent) -> Answer:
        """Do nothing and say that something went wrong."""
        return refusing(500, "Internal error.")(sent)

    def error_after(self, sent: Sent) -> Answer:
        """Do it and say that something went wrong."""
        self.pass_on(sent)
        return refusing(500, "Internal error.")(sent)

    def cut_before(self, _: Sent) -> Answer:
        """Do nothing and say nothing."""
        raise Cut

    def cut_after(self, sent: Sent) -> Answer:
        """Do it and say nothing."""
        self.pass_on(sent)
        raise Cut


_FAULTS: dict[str, Callable[[FaultyEarthEngine, Sent], Answer]] = {
    "429": FaultyEarthEngine.full,
    "500 before": FaultyEarthEngine.error_before,
    "500 after": FaultyEarthEngine.error_after,
    "cut before": FaultyEarthEngine.cut_before,
    "cut after": FaultyEarthEngine.cut_after,
}


def _request_id(sent: Sent) -> str | None:
    """Return an export's request id, None for any other request."""
    if not sent.path.partition("?")[0].endswith("image:export"):
        return None
    found = json.loads(sent.body).get("requestId")
    return str(found) if found else None


class FaultyFront:
    """What `open_cloud` puts before Earth Engine; `earth_engine` is there once it stands."""

    def __init__(self, seed: int, share: float) -> None:
        self._seed, self._share = seed, share
        self.earth_engine: FaultyEarthEngine

    @contextmanager
    def __call__(self, url: str) -> Iterator[str]:
        """Serve on a URL of its own until the context ends."""
        self.earth_engine = FaultyEarthEngine(passing_on(url), self._seed, self._share)
        with serving(self.earth_engine) as recorder:
            yield recorder.url
