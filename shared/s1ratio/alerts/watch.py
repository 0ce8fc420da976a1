"""Watches: one incident × relative orbit × direction, which waits for the next pass over it.

    NOT_ACQUIRED → EXPECTED → ARRIVED → REQUESTED → DELIVERED      all but DELIVERED end as ENDED
                      ↑  └→ MISSED ↑        └→ MISSED              with their incident
                      └──── more to follow, or requested anew

A prediction never starts an export: a listed scene does. What was MISSED is looked for until its
incident ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from s1ratio.request import Direction


class WatchState(StrEnum):
    """Where a watch stands; see the module."""

    NOT_ACQUIRED = "NOT_ACQUIRED"  # no IW scene with VV and VH was taken here on this track
    EXPECTED = "EXPECTED"
    ARRIVED = "ARRIVED"  # scenes of a pass are there; more of its slices may come
    REQUESTED = "REQUESTED"
    DELIVERED = "DELIVERED"
    MISSED = "MISSED"
    ENDED = "ENDED"

    @property
    def looks(self) -> bool:
        """Whether scenes are looked for."""
        return self in LOOKING


LOOKING = frozenset(
    {WatchState.NOT_ACQUIRED, WatchState.EXPECTED, WatchState.ARRIVED, WatchState.MISSED}
)
OPEN = LOOKING | {WatchState.REQUESTED}


class WatchReason(StrEnum):
    """Why a watch came to nothing, or to less than it might."""

    NOT_ACQUIRED = "not_acquired"
    NO_SCENE = "no_scene"
    PARTIAL = "partial"
    NOT_VERIFIED = "not_verified"
    REFUSED = "refused"
    INCIDENT_ENDED = "incident_ended"
    UNEXPECTED = "unexpected"


WATCH_WORDS: Mapping[WatchReason, str] = {
    WatchReason.NOT_ACQUIRED: "no IW scene with VV and VH was taken here in the last 48 days",
    WatchReason.NO_SCENE: "72 hours after the predicted pass no scene of it is listed",
    WatchReason.PARTIAL: "slices of the pass did not come in time: what is there was requested",
    WatchReason.NOT_VERIFIED: "a request of the pair ended, and is not VERIFIED",
    WatchReason.REFUSED: "a request of the pair was refused",
    WatchReason.INCIDENT_ENDED: "its incident has ended",
    WatchReason.UNEXPECTED: "nobody had foreseen what went wrong with it",
}


@dataclass(frozen=True)
class ArrivedPass:
    """The pass that a watch takes: first and last line over the area, UTC, and how much of it.

    `coverage` is the share, 0 to 1, of what the last three passes of its track saw of the area.
    """

    platform: str
    absolute_orbit: int
    first_line: datetime
    last_line: datetime
    coverage: float
    scenes: int

    @property
    def name(self) -> str:
        """Platform and absolute orbit, such as `C9016`."""
        return f"{self.platform}{self.absolute_orbit}"


@dataclass(frozen=True)
class WatchRequest:
    """A request of a watch: its period (UTC, `end` exclusive), and what became of it, if known."""

    id: str
    start: datetime
    end: datetime
    fate: str | None = None


@dataclass(frozen=True)
class Watch:
    """One watch; see the module. Times are UTC, areas WKT in lon/lat.

    `area` is what is requested, the incident's; `reference` what of it the last three passes saw.
    A pass counts whose first line is not before `since`, of the rule's `platforms` (none: of all).
    `seen_*` is the pass that predictions come from. `baseline` is the id of the request before the
    happening that the after-requests belong with, None until it is made; its period is
    `baseline_start` to `baseline_end`. `revision` counts how often the pair was requested for an
    area that had grown or for slices that came late. `asked` is the pass that was requested last,
    as it was then: it is listed again at `recheck_at`; `revised_from` are the requests that a
    revision for late slices follows. `delivered_pass` is the last that counts as delivered.
    `stale` are requests to be cancelled if they have not started; `cancelling` says that of the
    pair itself. `due_at` is when it is looked at next, None: never. `sequence` counts its changes
    that were told.
    """

    id: str
    incident: str
    rule: str
    relative_orbit: int
    direction: Direction
    state: WatchState
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None
    since: datetime
    area: str
    baseline_start: datetime
    baseline_end: datetime
    platforms: tuple[str, ...] = ()
    reference: str | None = None
    seen_platform: str | None = None
    seen_orbit: int | None = None
    seen_at: datetime | None = None
    expected_at: datetime | None = None
    expected_platform: str | None = None
    arrived_at: datetime | None = None
    taken: ArrivedPass | None = None
    requests: tuple[WatchRequest, ...] = ()
    requested_at: datetime | None = None
    asked: ArrivedPass | None = None
    rechecks: int = 0
    recheck_at: datetime | None = None
    revised_from: tuple[WatchRequest, ...] = ()
    delivered_pass: str | None = None
    baseline: str | None = None
    revision: int = 1
    delivered: int = 0
    missed: int = 0
    cancelling: bool = False
    stale: tuple[str, ...] = ()
    reason: WatchReason | None = None
    words: str = ""
    tries: int = 0
    expire_at: datetime | None = None
    sequence: int = 0
    version: Any = field(default=None, compare=False)

    @property
    def track(self) -> tuple[int, Direction]:
        """Its relative orbit and direction."""
        return self.relative_orbit, self.direction


def watch_id(incident_id: str, relative_orbit: int, direction: Direction) -> str:
    """Return a watch's id: `w-{10 hex}-{orbit}{a|d}`."""
    return f"w-{incident_id.removeprefix('i-')}-{relative_orbit}{direction.value[0].lower()}"
