"""A simulated Earth Engine: request ids, a queue with an end, a list that may lag, faults."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from typing import TypeVar

import shapely

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import EarthEngineFault, OperationUnknown
from s1ratio.inputs import Inputs, InputScene
from s1ratio.pixels import digests
from s1ratio.plan import ExportTask, OrbitPass, View
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest, Direction, GcsDestination
from s1ratio.scenes import MAX_QUESTIONS, Scene, SceneAnswer, SceneQuestion
from s1ratio.task import Task
from tests.support.simulated.bucket import SimulatedBucket
from tests.support.simulated.clock import SimulatedClock
from tests.support.simulated.operation import Outcome, SimulatedOperation

T = TypeVar("T")

USED = "A different Operation was already started with the given request_id."
FULL = "Too many tasks already in the queue (3000). Please wait for some of them to complete."
TIMEOUT = "Earth Engine did not answer: TimeoutError: timed out"


class SimulatedEarthEngine:
    """Meets `ports.EarthEngine`, for one calling user.

    `faults[call]` are raised by the next calls of that name, in turn (None: all is well); those
    in `late_faults` after the call took effect. `down` refuses every call by `down_says`, after
    `timeout_s`. `inputs` are the scenes that are listed now by their orbit. `outcomes` are dealt to
    the operations as they are started. `list_delay` is how late
    new operations are listed. `shown_project` is what the list and a get call the project.
    `queue_before_id` says which of the two a start is checked for first. `graph_version` is of the
    software that builds expressions.
    """

    def __init__(self, clock: SimulatedClock, bucket: SimulatedBucket) -> None:
        self.clock, self.bucket = clock, bucket
        self.capacity = 3000
        self.queue_before_id = False
        self.wait, self.run = timedelta(minutes=2), timedelta(minutes=10)
        self.list_delay = timedelta()
        self.shown_project = "p"  # as the list and a get name it, whatever a start did
        self.latency_s = 0.0
        self.found: tuple[OrbitPass, ...] = (
            OrbitPass(131, Direction.ASCENDING, 0.9, 5),
            OrbitPass(58, Direction.ASCENDING, 0.4, 5),
        )
        self.scenes: list[tuple[datetime, Scene]] = []
        self.inputs: dict[int, list[InputScene]] = {}
        self.down, self.down_says, self.timeout_s = False, fault_of(TIMEOUT), 0.0
        self.faults: dict[str, deque[EarthEngineFault | None]] = {}
        self.late_faults: dict[str, deque[EarthEngineFault | None]] = {}
        self.outcomes: deque[Outcome] = deque()
        self.calls: Counter[str] = Counter()
        self.made: dict[str, SimulatedOperation] = {}
        self.used_ids: dict[str, str | None] = {}
        self.answered_at: datetime | None = None
        self.graph_version = 1
        self.objects_to: Callable[[Sequence[SceneQuestion]], Exception | None] = lambda _: None
        self._lock = RLock()

    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return what `found` says."""
        del request
        with self._called("find_passes"):
            return self._answered("find_passes", self.found)

    def digest_graph(self, request: CompositeRequest, plan: ExportTask) -> str:
        """Return a digest of what decides the pixels, as the software of `graph_version` does."""
        stored = request.model_copy(update={"destination": GcsDestination(kind="gcs")})
        (digest,) = digests(stored, [plan])
        return hashlib.sha256(f"{self.graph_version} {digest}".encode()).hexdigest()[:40]

    def find_view(self, request: CompositeRequest, plan: ExportTask) -> View:
        """Return what `found` says of an orbit, seen at all angles; of others there is no scene."""
        del request
        with self._called("find_view"):
            asked = (plan.orbit, plan.direction)
            of = [p for p in self.found if (p.orbit, p.direction) == asked]
            view = View(of[0].scenes or 1, of[0].share or 1.0, (29.0, 46.0)) if of else View(0, 0.0)
            return self._answered("find_view", view)

    def find_inputs(
        self, request: CompositeRequest, plans: Sequence[ExportTask]
    ) -> tuple[Inputs, ...]:
        """Return what `inputs` has of each plan's orbit."""
        del request
        with self._called("find_inputs"):
            found = tuple(Inputs(tuple(self.inputs.get(plan.orbit, ()))) for plan in plans)
            return self._answered("find_inputs", found)

    def find_scenes(self, questions: Sequence[SceneQuestion]) -> tuple[SceneAnswer, ...]:
        """Return those of `scenes` that are listed by now over the boxes, as first lines go."""
        assert 0 < len(questions) <= MAX_QUESTIONS
        with self._called("find_scenes"):
            if (objection := self.objects_to(questions)) is not None:
                raise objection
            return self._answered("find_scenes", tuple(map(self._found, questions)))

    def _found(self, question: SceneQuestion) -> SceneAnswer:
        now = self.clock.now()
        boxes = [shapely.box(*side.bounds) for side in question.area.sides]
        found = [
            scene
            for listed_at, scene in self.scenes
            if listed_at <= now
            and question.start <= scene.start < question.end
            and any(scene.footprint.intersects(box) for box in boxes)
        ]
        found.sort(key=lambda scene: scene.start)
        whole = len(found) <= question.most
        return SceneAnswer(question.key, tuple(found[: question.most]), whole)

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start an export, or refuse: a used id, a full queue."""
        with self._called("start"):
            self.clock.sleep(self.latency_s)
            id_ = task.claim.ee_request_id
            assert id_ is not None
            assert len(id_) <= 60
            assert len(description) <= 100
            if self.queue_before_id:
                self._check_room(id_)
            if id_ in self.used_ids:
                raise fault_of(USED, 400)
            self._check_room(id_)
            name = self._make(request, task, description)
            self.used_ids[id_] = name
            return self._answered("start", name)

    def list_operations(self) -> Iterator[Operation]:
        """Yield the operations as listed by now, newest first."""
        with self._called("list_operations"):
            now = self.clock.now()
            listed = [self._shown(op) for op in self.current() if op.listed_at <= now]
        yield from sorted(listed, key=lambda op: op.created_at, reverse=True)

    def get_operation(self, name: str) -> Operation:
        """Return an operation by its name, though it may not be listed yet."""
        with self._called("get_operation"):
            self.current()
            same = (op for op in self.made.values() if is_same(op.name, name))
            found = self.made.get(name) or next(same, None)
            if found is None:
                raise OperationUnknown(f"Operation {name} not found.")
            return self._shown(found)

    def cancel(self, operation: str) -> None:
        """Cancel a live operation; a running one takes a minute."""
        with self._called("cancel"):
            for op in self.current():
                if is_same(op.name, operation) and op.state in {"PENDING", "RUNNING"}:
                    later = "CANCELLED" if op.state == "PENDING" else "CANCELLING"
                    op.enter(later, self.clock.now())
            self._answered("cancel", None)

    def current(self) -> list[SimulatedOperation]:
        """Return all operations as they stand now, also those not listed yet."""
        with self._lock:
            for op in self.made.values():
                done = op.advance(self.clock.now(), self.wait, self.run)
                file = op.file() if done else None
                if file is not None:
                    self.bucket.write(file, op.updated_at)
            return list(self.made.values())

    def of(self, description: str) -> list[SimulatedOperation]:
        """Return the operations under a description, oldest first."""
        return [op for op in self.current() if op.description == description]

    def put(self, operation: SimulatedOperation) -> None:
        """Add an operation that somebody else made."""
        self.made[operation.name] = operation

    def fail_next(self, call: str, *faults: EarthEngineFault | None) -> None:
        """Let the next calls of that name fail, without effect."""
        self.faults.setdefault(call, deque()).extend(faults)

    def fail_after_next(self, call: str, *faults: EarthEngineFault | None) -> None:
        """Let the next calls of that name take effect and fail."""
        self.late_faults.setdefault(call, deque()).extend(faults)

    def _shown(self, operation: SimulatedOperation) -> Operation:
        name = operation.name.replace("projects/p/", f"projects/{self.shown_project}/")
        return replace(operation.shown(self.clock.now()), name=name)

    def _called(self, call: str) -> RLock:
        self.calls[call] += 1
        _raise_next(self.faults.get(call))
        if self.down:
            self.clock.sleep(self.timeout_s)
            raise self.down_says
        self.answered_at = self.clock.now().replace(microsecond=0)
        return self._lock

    def _answered(self, call: str, value: T) -> T:
        _raise_next(self.late_faults.get(call))
        return value

    def _check_room(self, id_: str) -> None:
        if sum(op.live for op in self.current()) >= self.capacity:
            self.used_ids.setdefault(id_, None)  # burned
            raise fault_of(FULL, 429)

    def _make(self, request: CompositeRequest, task: Task, description: str) -> str:
        now = self.clock.now()
        name = f"projects/p/operations/OP{len(self.made):05d}"
        object_name = task.plan.object_name(task.run.attempt)
        folder = object_name.rpartition("/")[0]
        gcs = isinstance(request.destination, GcsDestination)
        place = f"https://console.developers.google.com/storage/browser/{self.bucket.bucket}"
        self.made[name] = SimulatedOperation(
            name=name,
            description=description,
            created_at=now,
            updated_at=now,
            listed_at=now + self.list_delay,
            destination=f"{place}/{folder}/" if gcs else "https://drive.google.com/#folders/x",
            object_name=object_name,
            plan=task.plan if gcs else None,
            priority=task.place.priority,
            outcome=self.outcomes.popleft() if self.outcomes else Outcome(),
        )
        return name


def is_same(name: str, other: str) -> bool:
    """Tell whether two names are of one operation, as Earth Engine itself tells."""
    return name.rsplit("/", maxsplit=1)[-1] == other.rsplit("/", maxsplit=1)[-1]


def _raise_next(faults: "deque[EarthEngineFault | None] | None") -> None:
    fault = faults.popleft() if faults else None
    if fault is not None:
        raise fault
