"""Data: what an event says of its record. Fields are added, never taken away or given a new sense.

What a record does not know is left out of the JSON: a field may be missing, and is never null.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.watch import WatchState
from s1ratio.commands.records import CommandState
from s1ratio.records import RequestState, Topic
from s1ratio.regions.states import RegionState
from s1ratio.request import Direction
from s1ratio.task import TaskState

Share = Annotated[float, Field(ge=0, le=1)]


class EventData(BaseModel):
    """What all data have in common: subscribers pass over fields that they do not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Reason(EventData):
    """One thing that is wrong with a message: where, a code, and words for whoever wrote it."""

    path: str
    code: str
    message: str


class TaskData(EventData):
    """An export task: where it stands, and once it has ended what came out.

    `files` are the names of its objects in `bucket`; of an EMPTY one there are none.
    """

    task: str
    request: str
    state: TaskState
    attempt: int = Field(ge=1)
    orbit: int = Field(description="relative orbit")
    direction: Direction
    bands: tuple[str, ...] = ()
    bucket: str | None = None
    files: tuple[str, ...] | None = None
    same_as: str | None = Field(None, description="the task that exported the files, if another")
    valid_share: Share | None = Field(None, description="of the area's pixels, those with data")
    eecu_seconds: float | None = None
    error_class: str | None = None
    error: str | None = None


class RequestData(EventData):
    """A request: where it stands, its tasks by state, and of those without an output 50 names."""

    request: str
    state: RequestState
    tasks: int | None = Field(None, ge=0, description="how many it was planned as")
    tallies: dict[str, int] = Field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    eecu_seconds: float | None = None
    error_class: str | None = None
    error: str | None = None
    reasons: tuple[Reason, ...] | None = None
    round: int = Field(1, ge=1, description="counts how often it was set going")


class RejectedData(EventData):
    """A message that was refused, by the id of its rejection, or a request that can't be done.

    `request` is the id that the message names, or would have had, where it could be read.
    """

    request: str | None = None
    rejection: str | None = None
    topic: Topic | None = Field(default=None, description="what the message was sent to")
    reasons: tuple[Reason, ...] = ()


class CommandData(EventData):
    """A command that was applied, refused, or came too late: what it wants, of what, by whom."""

    id: str
    command: str
    state: CommandState
    target: dict[str, str]
    by: str | None = Field(None, description="what the sender says: a topic proves no author")
    changes: tuple[str, ...] | None = None
    reasons: tuple[Reason, ...] | None = None


class RegionData(EventData):
    """A region: where it stands, what was done to it (`changes`), by whom, and why."""

    region: str
    state: RegionState
    changes: tuple[str, ...] = Field(
        description="created, edited, state, held, run, backfill: as in its history"
    )
    by: str | None = None
    why: str | None = None
    held: str | None = Field(None, description="what holds it up")


class IncidentData(EventData):
    """An incident: where it stands, how many alerts it has, how severe and large it is."""

    incident: str
    rule: str
    hazard: str
    state: IncidentState
    severity: int
    alerts: int = Field(ge=0, description="those that count: neither cancelled nor superseded")
    area_km2: float = Field(ge=0)
    opened_at: str = Field(description="UTC, as 2026-05-04T03:02:01Z")
    reason: str | None = None
    words: str | None = None


class PassData(EventData):
    """A pass that came: the platform, its orbit, and when it saw the area (UTC)."""

    platform: str
    absolute_orbit: int
    first_line: str
    last_line: str
    coverage: float = Field(description="share of what the track's last passes saw of the area")


class WatchData(EventData):
    """A watch of an incident: its track, the pass that came, and the requests of the pair.

    `requests` are ids of requests; of these `baseline` is the one before the happening.
    """

    watch: str
    incident: str
    state: WatchState
    relative_orbit: int
    direction: Direction
    taken: PassData | None = None
    requests: tuple[str, ...] | None = None
    baseline: str | None = None
    delivered: int = Field(ge=0, description="pairs so far")
    missed: int = Field(ge=0, description="passes so far")
    reason: str | None = None
    words: str | None = None
