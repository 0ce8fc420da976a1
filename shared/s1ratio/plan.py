"""From a request and its orbits to a plan: the export tasks it needs. Pure, no call.

An export task is one orbit × direction × tile; all products and statistics are its bands.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.grid import PixelGrid
from s1ratio.ground_tracks import directions_over
from s1ratio.request import CompositeRequest, Direction, GcsDestination
from s1ratio.request.moments import instant_of
from s1ratio.tiles import make_tiles

# Scenes reach the collection a day or two after they were taken.
INGESTION_DELAY = timedelta(days=2)
NO_DATA = -9999.0  # what stands in a file where there is nothing
_VALUE_BYTES = 4  # a float32


@dataclass(frozen=True)
class OrbitPass:
    """One relative orbit in one direction; `share` of the AOI that it covers at least, if known.

    `joined`: `orbit` is that of the south of a pass which changes its number at the ascending node,
    and its slices on both sides are meant; False: those that begin on `orbit`. None where no pass
    changes, and in what earlier versions stored. `pinned` are the ids of the scenes that alone may
    be taken; None where all that are listed are.
    """

    orbit: int
    direction: Direction
    share: float | None = None
    scenes: int | None = None
    joined: bool | None = None
    pinned: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """Short name: `o131a` is orbit 131 ascending."""
        return f"o{self.orbit:03d}{self.direction.value[0].lower()}"


@dataclass(frozen=True)
class View:
    """What the scenes of one orbit and direction see of an AOI.

    Their footprints cover `share` of it, under incidence `angles` from … to … degrees; None where
    these are not known.
    """

    scenes: int
    share: float
    angles: tuple[float, float] | None = None


@dataclass(frozen=True)
class ExportTask:
    """What one export computes and where it goes; `joined` is as in its `OrbitPass`.

    `scenes` are its pass's `pinned` ones.
    """

    id: str
    request_id: str
    orbit: int
    direction: Direction
    grid: PixelGrid
    bands: tuple[str, ...]
    folder: str
    joined: bool | None = None
    scenes: tuple[str, ...] | None = None

    @property
    def values(self) -> int:
        """How many values come out: pixels × bands."""
        return self.grid.pixels * len(self.bands)

    @property
    def output_bytes(self) -> int:
        """Their bytes before compression, with the overviews, which add a third."""
        return self.values * _VALUE_BYTES * 4 // 3

    def object_name(self, attempt: int) -> str:
        """Return the object's name without `.tif`; later attempts are told apart by `-aN`."""
        suffix = "" if attempt == 1 else f"-a{attempt}"
        return f"{self.folder}/{self.id}{suffix}"

    def quarters(self) -> tuple["ExportTask", ...]:
        """Return the four tasks that together compute the same pixels, `{id}-q0` to `-q3`.

        Two of them if it is one pixel wide or high, none if it is but one pixel.
        """
        parts = self.grid.quarters()
        return tuple(
            replace(self, id=f"{self.id}-q{number}", grid=part)
            for number, part in enumerate(parts)
            if len(parts) > 1
        )


@dataclass(frozen=True)
class Plan:
    """A request's export tasks; none may start before `not_before` (UTC)."""

    request_id: str
    tasks: tuple[ExportTask, ...]
    not_before: datetime

    @property
    def values(self) -> int:
        """How many values come out of all tasks: pixels × bands."""
        return sum(task.values for task in self.tasks)

    @property
    def output_bytes(self) -> int:
        """Their bytes before compression, with the overviews."""
        return sum(task.output_bytes for task in self.tasks)


@dataclass(frozen=True)
class PlanLimits:
    """The deployment's limits on a plan: tasks a request, pixels a task, and what comes out.

    `max_values` are pixels × bands of a request, `max_bytes` their bytes before compression.
    """

    max_tasks: int = 200
    max_task_pixels: int = 10_000_000_000
    max_values: int = 200_000_000_000
    max_bytes: int = 1_500_000_000_000


def named_passes(request: CompositeRequest) -> tuple[OrbitPass, ...] | None:
    """Return the passes that a request names itself, or None if they must be found.

    Of both directions those in which an orbit flies where it sees the area: no scene is asked for.
    """
    if request.orbits is None:
        return None
    wanted = request.direction.passes
    if request.direction is not Direction.BOTH:
        return tuple(OrbitPass(o, d) for o in request.orbits for d in wanted)
    return tuple(OrbitPass(o, d) for o in request.orbits for d in directions_over(o, request.aoi))


def available_from(request: CompositeRequest) -> datetime:
    """Return when the scenes of the whole period can be had (UTC)."""
    return instant_of(request.end) + INGESTION_DELAY


def not_before(request: CompositeRequest, now: datetime) -> datetime:
    """Return when the request may be computed: now, unless its period is not over yet."""
    return available_from(request) if instant_of(request.end) > now else now


def make_plan(
    request_id: str,
    request: CompositeRequest,
    passes: tuple[OrbitPass, ...],
    limits: PlanLimits,
    now: datetime,
) -> Plan:
    """Return the plan of a request over its passes; raise InvalidRequest if it is too large."""
    tiles = make_tiles(request, limits.max_task_pixels, limits.max_tasks // max(1, len(passes)))
    count = len(tiles) * len(passes)
    if count > limits.max_tasks:
        words = f"{count} export tasks, at most {limits.max_tasks} are allowed: make it smaller"
        raise InvalidRequest([Fault("", "too_many_tasks", words)])
    folder = f"{_prefix(request)}/{request_id}"
    tasks = tuple(
        ExportTask(
            id=f"{request_id}-{orbit_pass.name}{suffix}",
            request_id=request_id,
            orbit=orbit_pass.orbit,
            direction=orbit_pass.direction,
            grid=tile,
            bands=request.bands,
            folder=folder,
            joined=orbit_pass.joined,
            scenes=orbit_pass.pinned,
        )
        for orbit_pass in passes
        for suffix, tile in tiles
    )
    plan = Plan(request_id, tasks, not_before(request, now))
    faults = _size_faults(plan, limits)
    if faults:
        raise InvalidRequest(faults)
    return plan


def _size_faults(plan: Plan, limits: PlanLimits) -> list[Fault]:
    """Return why what comes out of a plan is too much to compute, or to keep, or nothing."""
    advice = (
        "choose a coarser `grid.scale`, fewer products, statistics or orbits, "
        "or send the area in parts"
    )
    faults = []
    if plan.values > limits.max_values:
        words = f"{plan.values:,} values (pixels × bands) of {len(plan.tasks)} export tasks"
        most = f"at most {limits.max_values:,} are allowed"
        faults.append(Fault("", "too_many_values", f"{words}, {most}: {advice}"))
    if plan.output_bytes > limits.max_bytes:
        words = f"{plan.output_bytes:,} bytes come out before compression"
        most = f"at most {limits.max_bytes:,} are allowed"
        faults.append(Fault("", "too_many_bytes", f"{words}, {most}: {advice}"))
    return faults


def _prefix(request: CompositeRequest) -> str:
    destination = request.destination
    return destination.prefix.strip("/") if isinstance(destination, GcsDestination) else "drive"
