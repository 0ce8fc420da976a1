"""What the store holds of regions: the regions, their requests, and what happened to them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from s1ratio.regions.days import Days
from s1ratio.regions.states import Cause, RefreshState, RegionState, Why


@dataclass(frozen=True)
class Backfill:
    """Periods of the past that are made up for: those that end after `start` and by `end`.

    Those of firings up to `mark` are dealt with. At most `most_open` of their requests are open at
    a time.
    """

    start: date
    end: date
    mark: datetime
    most_open: int
    by: str


@dataclass(frozen=True)
class RegionRecord:
    """One region as stored. `text` is its definition, as `Region.text` has it.

    `state` with `why`, `by` and `since`. Firings up to `watermark` are dealt with; passes from
    `scenes_from` on count as new unless they are among the `known` ones, which are named with the
    day of their last line. `since_day` is where the last period ended. `due_at` is when it is
    looked at next, None: never. `held` says what holds it up. `run_by` is who wants a request now.
    `looked_at` is when its scenes were listed last, `caught_up_at` when they were and no pass was
    left to wait: later looks go back from there. `tries` counts what went wrong in a row, which
    `error` tells. `commands` are the last commands that changed it. `sequence` counts its changes
    that were told.
    """

    id: str
    text: str
    state: RegionState
    created_at: datetime
    since: datetime
    watermark: datetime
    scenes_from: datetime
    since_day: date
    due_at: datetime | None
    why: str = ""
    by: str = ""
    held: Why | None = None
    known: tuple[str, ...] = ()
    run_by: str | None = None
    backfill: Backfill | None = None
    looked_at: datetime | None = None
    caught_up_at: datetime | None = None
    tries: int = 0
    error: str | None = None
    commands: tuple[str, ...] = ()
    sequence: int = 0
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class RefreshRecord:
    """One composite request of a region as stored; `id` is the request's.

    `payload_digest` is that of the message, `priority` its own. `scenes` is the digest of the
    scenes that its period had when it was made, `scene_count` how many; None where they were not
    listed. `stale_since` says when its scenes were seen to have changed; `superseded_by` names the
    revision that was made of that. `due_at` is when it is looked at next, None: never.
    """

    id: str
    region_id: str
    cause: Cause
    start: date
    end: date
    made_at: datetime
    payload_digest: str
    priority: int
    state: RefreshState = RefreshState.PUBLISHED
    firing: datetime | None = None
    pass_name: str = ""
    revision: int = 1
    supersedes: str | None = None
    superseded_by: str | None = None
    stale_since: datetime | None = None
    scenes: str | None = None
    scene_count: int | None = None
    rechecked: int = 0
    request_state: str | None = None
    eecu_seconds: float = 0.0
    ended_at: datetime | None = None
    due_at: datetime | None = None
    tries: int = 0
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)

    @property
    def days(self) -> Days:
        """Its period."""
        return Days(self.start, self.end)

    @property
    def is_open(self) -> bool:
        """Whether its request has not ended, as far as it is known."""
        return self.state in {RefreshState.PUBLISHED, RefreshState.OPEN}


@dataclass(frozen=True)
class HistoryEntry:
    """Something that happened to a region.

    `kind` is `created`, `edited`, `state` (with `was` and `became`), `requested`, `skipped`,
    `held`, `revised`, `stale`, `run`, `backfill`. `why` is a `Why`, or somebody's words. A skip is
    of `count` firings from `first` to `last`, or of a request's period or pass.
    """

    id: str
    region_id: str
    at: datetime
    kind: str
    by: str = ""
    why: str = ""
    was: str = ""
    became: str = ""
    request_id: str | None = None
    first: datetime | None = None
    last: datetime | None = None
    count: int = 1
    expire_at: datetime | None = None
