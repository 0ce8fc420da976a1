"""One simulated operation: what happens to it, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from s1ratio.plan import ExportTask
from s1ratio.ports import Operation, RasterFile

LIVE = frozenset({"PENDING", "RUNNING", "CANCELLING"})


@dataclass(frozen=True)
class Outcome:
    """How an export ends: with this error, or with a file that has data or none.

    `bands` are the file's where they are not those planned; `written` False leaves no file.
    `eecu_seconds` are what it costs in all; while it runs Earth Engine tells of what is spent.
    """

    error: str | None = None
    has_data: bool = True
    bands: tuple[str, ...] | None = None
    written: bool = True
    eecu_seconds: float = 12.5


@dataclass
class SimulatedOperation:
    """An export as Earth Engine keeps it; `listed_at` is when the list begins to show it."""

    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    listed_at: datetime
    destination: str
    object_name: str = ""
    plan: ExportTask | None = None
    priority: int = 0
    outcome: Outcome = Outcome()
    state: str = "PENDING"
    cost: float = 0.0

    @property
    def live(self) -> bool:
        """Whether Earth Engine still works on it."""
        return self.state in LIVE

    @property
    def survives(self) -> bool:
        """Whether something came of it, or still may."""
        return self.state in {"PENDING", "RUNNING", "SUCCEEDED"}

    def enter(self, state: str, at: datetime) -> None:
        """Change its state."""
        self.cost = self._cost(at)
        self.state, self.updated_at = state, at

    def advance(self, now: datetime, wait: timedelta, run: timedelta) -> bool:
        """Bring it up to now; tell whether it has just succeeded."""
        if self.state == "CANCELLING" and now >= self.updated_at + timedelta(minutes=1):
            self.enter("CANCELLED", self.updated_at + timedelta(minutes=1))
        if self.state == "PENDING" and now >= self.created_at + wait:
            self.enter("RUNNING", self.created_at + wait)
        if self.state == "RUNNING" and now >= self.created_at + wait + run:
            end = "FAILED" if self.outcome.error else "SUCCEEDED"
            self.enter(end, self.created_at + wait + run)
            return end == "SUCCEEDED"
        return False

    def shown(self, now: datetime) -> Operation:
        """Return it as the list shows it."""
        running = self.state == "RUNNING"
        return Operation(
            name=self.name,
            state=self.state,
            description=self.description,
            created_at=self.created_at,
            updated_at=self.updated_at,
            progress=min(0.9, (now - self.updated_at) / timedelta(hours=1)) if running else 0.0,
            error=self.outcome.error if self.state == "FAILED" else None,
            destinations=(self.destination,) if self.destination else (),
            eecu_seconds=None if self.state == "PENDING" else self._cost(now),
        )

    def _cost(self, at: datetime) -> float:
        """Return what it has cost by then: ever more as it runs, all of it in an hour."""
        if self.state == "RUNNING":
            hours = (at - self.updated_at) / timedelta(hours=1)
            return self.outcome.eecu_seconds * min(1.0, hours)
        return self.outcome.eecu_seconds if self.state in {"SUCCEEDED", "FAILED"} else self.cost

    def file(self) -> RasterFile | None:
        """Return the file that its success leaves, if any."""
        if self.plan is None or not self.outcome.written:
            return None
        grid = self.plan.grid
        return RasterFile(
            name=f"{self.object_name}.tif",
            crs=grid.crs,
            transform=grid.transform,
            shape=(grid.height, grid.width),
            bands=self.outcome.bands or self.plan.bands,
            dtype="float32",
            nodata=-9999.0,
            has_data=self.outcome.has_data,
        )
