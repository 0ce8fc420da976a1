"""Earth Engine as one site calls it: what it makes is known to be its own."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from s1ratio.earth_engine_errors import fault_of
from s1ratio.inputs import Inputs
from s1ratio.plan import ExportTask, OrbitPass, View
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest
from s1ratio.scenes import SceneAnswer, SceneQuestion
from s1ratio.task import Task
from tests.simulation.fates.fated_operation import Origin
from tests.simulation.fates.words import TOO_MUCH_TO_SEARCH
from tests.simulation.world.bucket import FatedBucket
from tests.simulation.world.deterministic_scheduler import DeterministicScheduler, Process
from tests.simulation.world.earth_engine import FatedEarthEngine

_FORBIDDEN = "Permission 'earthengine.assets.get' denied on resource 'projects/p/assets/scenes'."


class Caller:
    """Meets `ports.EarthEngine`.

    Starts of the `forbidden` task are refused. Searches over more than
    `most_days` are too much. `origin_of` tells whose an operation is that a task makes.
    `complaints` are told where it lays hands on another one's operation.
    """

    def __init__(
        self,
        ee: FatedEarthEngine,
        bucket: FatedBucket,
        origin_of: Callable[[Task], Origin],
        *,
        site: str,
        stepper: DeterministicScheduler,
        random: Random,
    ) -> None:
        self._ee, self._bucket, self._origin_of = ee, bucket, origin_of
        self._stepper = stepper
        self._site, self._random = site, random
        self.forbidden: str | None = None
        self.most_days: int | None = None
        self.counts: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._graphs: dict[tuple[Process | None, str], str] = {}

    @property
    def answered_at(self) -> datetime | None:
        """When Earth Engine answered the running process last, by its own clock."""
        process = self._stepper.running
        return process.answered_at if process is not None else None

    @property
    def page_size(self) -> int:
        """How many operations a page of the list holds."""
        return self._ee.manners.page_size

    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes of a period, unless that is too long."""
        days = (request.end - request.start).days
        if self.most_days is not None and days > self.most_days:
            self.counts["searches too much"] += 1
            raise fault_of(*self._random.choice(TOO_MUCH_TO_SEARCH))
        return self._ee.find_passes(request)

    def find_inputs(
        self, request: CompositeRequest, plans: Sequence[ExportTask]
    ) -> tuple[Inputs, ...]:
        """Ask for the scenes of exports."""
        return self._ee.find_inputs(request, plans)

    def find_view(self, request: CompositeRequest, plan: ExportTask) -> View:
        """Return what an orbit sees."""
        return self._ee.find_view(request, plan)

    def digest_graph(self, request: CompositeRequest, plan: ExportTask) -> str:
        """Return a digest of what a start would POST, by the software of the running process."""
        process = self._stepper.running
        self._ee.graph_version = process.software if process is not None else 1
        graph = self._ee.digest_graph(request, plan)
        self._graphs[process, plan.object_name(1)] = graph
        return graph

    def graph_of(self, plan: ExportTask) -> str | None:
        """Return the graph that the running process would POST for a task, if it was asked."""
        return self._graphs.get((self._stepper.running, plan.object_name(1)))

    def find_scenes(self, questions: Sequence[SceneQuestion]) -> tuple[SceneAnswer, ...]:
        """Return the scenes that are listed by now."""
        return self._ee.find_scenes(questions)

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start an export, or refuse."""
        return self.post(request, task, description)()

    def post(self, request: CompositeRequest, task: Task, description: str) -> Callable[[], str]:
        """Send a start that is taken up later: it is of the life in which it was sent."""
        origin = replace(self._origin_of(task), graph=self.graph_of(task.plan))

        def take_up() -> str:
            if task.id == self.forbidden:
                self.counts["forbidden"] += 1
                raise fault_of(_FORBIDDEN, 403)
            return self._ee.start_into(self._bucket, origin, request, task, description)

        return take_up

    def page(self, after: Operation | None) -> Sequence[Operation]:
        """Return the page of the list that follows on an operation, newest first."""
        return self._ee.page(after)

    def list_operations(self) -> Iterator[Operation]:
        """Never called: the wire asks page by page."""
        raise AssertionError("the wire asks for pages")

    def get_operation(self, name: str) -> Operation:
        """Return an operation by its name."""
        return self._ee.get_operation(name)

    def cancel(self, operation: str) -> None:
        """Cancel an operation."""
        self._check_own(operation, "cancels")
        self._ee.cancel(operation)

    def note(self, operation: str) -> datetime:
        """Note that a task of this site has an operation on record; return the time."""
        self._check_own(operation, "follows")
        made, now = self._ee.find(operation), self._ee.clock.now()
        if made is not None and made.recorded_at is None:
            made.recorded_at = now
        return now

    def _check_own(self, operation: str, does: str) -> None:
        made = self._ee.find(operation)
        if made is not None and made.origin.site != self._site:
            self.complaints.append(f"{self._site} {does} {operation} of {made.origin.site}")
