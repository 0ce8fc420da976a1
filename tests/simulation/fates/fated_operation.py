"""An operation that goes the way of its fate, and what the invariants must know of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from typing_extensions import override

from s1ratio.ports import Operation, RasterFile
from tests.simulation.fates.fate import Fate, FatedOutcome
from tests.support.simulated import SimulatedOperation

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Origin:
    """Who made an operation, for which attempt of which task, of which `graph`.

    `life` counts how often the store was set back, or the request deleted, before.
    """

    site: str = ""
    life: tuple[int, int] = (0, 0)
    task_id: str = ""
    request_id: str = ""
    attempt: int = 1
    graph: str | None = None


@dataclass
class FatedOperation(SimulatedOperation):
    """An operation and its fate.

    `recorded_at` is when a task had it on record first, `left_out_at` when the list left it out.
    `unwanted_at` is when a worker first asked for its end. Of one that was `stopped_by_hand` a
    person did, in Earth Engine.
    """

    fate: Fate = field(default_factory=Fate)
    origin: Origin = field(default_factory=Origin)
    recorded_at: datetime | None = None
    left_out_at: datetime | None = None
    unwanted_at: datetime | None = None
    stopped_by_hand: bool = False

    @property
    def result(self) -> FatedOutcome:
        """How it ends, or would."""
        return self.fate.outcome

    @override
    def advance(self, now: datetime, wait: timedelta, run: timedelta) -> bool:
        """Bring it up to now; tell whether it has just succeeded."""
        if self.state == "CANCELLING" and self.fate.stubborn:
            return self._end_all_the_same(now)
        stopped = self.fate.stopped if self.state != "CANCELLING" else None
        if stopped is not None and now >= (at := self.created_at + stopped):
            before = super().advance(at, self.fate.wait, self.fate.run)
            if self.state in {"PENDING", "RUNNING"}:
                self.enter("CANCELLED", at)
                self.stopped_by_hand = True
            return before
        return super().advance(now, self.fate.wait, self.fate.run)

    @override
    def shown(self, now: datetime) -> Operation:
        """Return it as the list shows it: where it writes to is told once it does."""
        shown = super().shown(now)
        return replace(shown, destinations=()) if self.state == "PENDING" else shown

    def _end_all_the_same(self, now: datetime) -> bool:
        at = self.updated_at + _MINUTE
        if now < at:
            return False
        self.enter("FAILED" if self.result.error else "SUCCEEDED", at)
        return self.state == "SUCCEEDED"

    def files(self) -> list[RasterFile]:
        """Return the files that its success leaves: one, or shards from the left to the right."""
        whole = self.file()
        if whole is None or self.result.shards == 1:
            return [whole] if whole is not None else []
        shards = _shards(whole, self.result.shards)
        return shards[:-1] if self.result.torn else shards

    def counts_at(self, now: datetime) -> bool:
        """Whether it is to be reckoned with: it lives or has come to its end, and is wanted."""
        unwanted = self.unwanted_at is not None and self.unwanted_at <= now
        over = self.state in {"FAILED", "CANCELLED"} and self.updated_at <= now
        return not (unwanted or over)

    def listed(self, now: datetime) -> bool:
        """Whether the list shows it."""
        return now >= self.created_at + self.fate.unlisted and not self._is_away(now)

    def known(self, now: datetime) -> bool:
        """Whether it is known by its name."""
        return not (self.fate.nameless and self._is_away(now))

    def was_away(self, now: datetime) -> bool:
        """Whether it could not be seen for a while, or can't be."""
        gone = self._gone_at()
        return gone is not None and now >= gone

    def _is_away(self, now: datetime) -> bool:
        gone = self._gone_at()
        return gone is not None and gone <= now < gone + self.fate.away

    def _gone_at(self) -> datetime | None:
        """Return since when it can't be seen.

        Before a task has it on record nothing of it is known but that its id is used, and a full
        queue uses ids up, too: an operation that is gone by then can't be told from one that
        never was.
        """
        if self.fate.gone is None or self.recorded_at is None:
            return None
        return self.recorded_at + self.fate.gone


def _shards(whole: RasterFile, count: int) -> list[RasterFile]:
    """Return a file in parts, side by side; only the last has data, if any has."""
    height, width = whole.shape
    x_scale, x_shear, x, y_shear, y_scale, y = whole.transform
    edges = [width * number // count for number in range(count + 1)]
    stem = whole.name.removesuffix(".tif")
    return [
        replace(
            whole,
            name=f"{stem}{0:010d}-{left:010d}.tif",
            transform=(x_scale, x_shear, x + left * x_scale, y_shear, y_scale, y),
            shape=(height, right - left),
            has_data=whole.has_data and right == width,
        )
        for left, right in pairwise(edges)
        if right > left
    ]
