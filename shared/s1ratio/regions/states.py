"""States of a region, and the moves between them."""

from enum import StrEnum


class RegionState(StrEnum):
    """Where a region stands."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"  # by somebody, who may say why
    ENDED = "ENDED"  # its `end` has come, or somebody ended it
    BROKEN = "BROKEN"  # what it asks for is refused, or it can't be worked on


REGION_MOVES: dict[RegionState, frozenset[RegionState]] = {
    RegionState.ACTIVE: frozenset({RegionState.PAUSED, RegionState.ENDED, RegionState.BROKEN}),
    RegionState.PAUSED: frozenset({RegionState.ACTIVE, RegionState.ENDED}),
    RegionState.ENDED: frozenset({RegionState.ACTIVE}),
    RegionState.BROKEN: frozenset({RegionState.ACTIVE, RegionState.ENDED}),
}


class RefreshState(StrEnum):
    """Where one composite request of a region stands."""

    PUBLISHED = "PUBLISHED"  # or about to be: nobody has taken it in yet
    OPEN = "OPEN"  # taken in, not ended
    ENDED = "ENDED"
    REJECTED = "REJECTED"  # refused, or never taken in


class Cause(StrEnum):
    """What a refresh was made for."""

    SCHEDULE = "schedule"
    NEW_SCENES = "new_scenes"
    RUN = "run"  # somebody's wish
    BACKFILL = "backfill"
    REVISION = "revision"  # scenes of its period came late


class Why(StrEnum):
    """Why a firing, a pass or a late scene led to no request, or waits."""

    NEWER_WINDOW = "newer_window"  # missed; a later firing's window is asked for instead
    SAME_PERIOD = "same_period"  # asked for already
    EMPTY_PERIOD = "empty_period"  # there is no day in it (yet)
    OVERLAP = "overlap"  # an earlier request of the region has not ended
    BUDGET = "budget"  # of the month, used up
    PAUSED = "paused"  # fired while the region was paused, and not caught up
    EDITED = "edited"  # fired before the region was changed
    RESUMED = "resumed"  # fired while it was broken or ended, and not caught up
    NOT_ACTIVE = "not_active"  # scenes came late, the region is not active any more
    TOO_MANY_SCENES = "too_many_scenes"  # more than are listed: nothing is known of late ones
    LAST_REVISION = "last_revision"  # there are nine already
    TOO_LATE = "too_late"  # its first list of scenes came after it had ended
