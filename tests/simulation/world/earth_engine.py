"""The simulated Earth Engine of a schedule: each operation has its fate, the list its pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from typing_extensions import override

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import OperationUnknown
from s1ratio.ports import Operation, operation_id
from s1ratio.request import CompositeRequest
from s1ratio.scenes import SceneAnswer, SceneQuestion
from s1ratio.task import Task
from tests.simulation.drawing.skies import Sighting
from tests.simulation.fates.fate import Fate
from tests.simulation.fates.fated_operation import FatedOperation, Origin
from tests.simulation.fates.words import IN_PLACE_OF_USED
from tests.simulation.world.bucket import FatedBucket
from tests.support.simulated import SimulatedClock, SimulatedEarthEngine, SimulatedOperation

_BETWEEN_FLICKERS = timedelta(hours=2)


@dataclass
class Manners:
    """How this Earth Engine goes about its work, as far as nobody is told.

    `burns`: a start that finds the queue full uses up its request id. Pages of the list hold
    `page_size`; in `flicker` of the cases an operation is left out of one, and not again for two
    hours. `refused_again` is how often the words are others where an id has an
    operation to be found.
    """

    burns: bool = True
    page_size: int = 500
    flicker: float = 0.0
    refused_again: float = 0.0


class FatedEarthEngine(SimulatedEarthEngine):
    """Meets `ports.EarthEngine`; `deal` decides what becomes of each new operation.

    Several deployments share it, each through a `Caller` of its own.
    """

    def __init__(
        self,
        clock: SimulatedClock,
        bucket: FatedBucket,
        deal: Callable[[Task], Fate],
        manners: Manners,
        random: Random,
    ) -> None:
        super().__init__(clock, bucket)
        self.deal, self.manners, self._random = deal, manners, random
        self._origin = Origin()
        self._buckets: dict[str, FatedBucket] = {}
        self._withdrawn: dict[str, datetime] = {}

    def see(self, sky: Sequence[Sighting]) -> None:
        """Have scenes listed in their time, and some withdrawn later."""
        self.scenes += [(one.listed_at, one.scene) for one in sky]
        self._withdrawn |= {one.scene.index: one.gone_at for one in sky if one.gone_at}

    def fated(self) -> list[FatedOperation]:
        """Return all operations as they stand now, oldest first."""
        return [op for op in self.current() if isinstance(op, FatedOperation)]

    def find(self, name: str) -> FatedOperation | None:
        """Return an operation as it stood last, whichever way its name tells the project."""
        found = self.made.get(f"projects/p/operations/{operation_id(name)}")
        return found if isinstance(found, FatedOperation) else None

    def start_into(
        self,
        bucket: FatedBucket,
        origin: Origin,
        request: CompositeRequest,
        task: Task,
        description: str,
    ) -> str:
        """Start an export that writes into this bucket, or refuse."""
        self.bucket, self._origin = bucket, origin
        name = self.start(request, task, description)
        self._buckets[name] = bucket
        return name

    def page(self, after: Operation | None) -> Sequence[Operation]:
        """Return the page of the list that follows on an operation, newest first."""
        self.calls["list_operations"] += 1
        now, last = self.clock.now(), operation_id(after.name) if after else None
        listed = sorted(
            (op for op in self.fated() if op.listed(now) and not self._flickers(op)),
            key=lambda op: op.name,
            reverse=True,
        )
        rest = [op for op in listed if last is None or operation_id(op.name) < last]
        return [self._shown(op) for op in rest[: self.manners.page_size]]

    @override
    def _found(self, question: SceneQuestion) -> SceneAnswer:
        answer, now = super()._found(question), self.clock.now()
        gone = {index for index, at in self._withdrawn.items() if at <= now}
        return replace(answer, scenes=tuple(s for s in answer.scenes if s.index not in gone))

    def _flickers(self, op: FatedOperation) -> bool:
        """Tell whether the list leaves an operation out this once, and not again for a while."""
        now, since = self.clock.now(), op.left_out_at
        may = since is None or now - since > _BETWEEN_FLICKERS
        left_out = self.manners.flicker > 0 and may and self._random.random() < self.manners.flicker
        if left_out:
            op.left_out_at = now
            self.calls["left out"] += 1
        return left_out

    @override
    def current(self) -> list[SimulatedOperation]:
        for op in self.made.values():
            if op.live and op.advance(self.clock.now(), self.wait, self.run):
                self._write_files(op)
        return list(self.made.values())

    def _write_files(self, op: SimulatedOperation) -> None:
        if isinstance(op, FatedOperation):
            for file in op.files():
                self._buckets[op.name].write_late(file, op.updated_at, op.fate.unseen)

    @override
    def get_operation(self, name: str) -> Operation:
        found = super().get_operation(name)
        made = self.find(name)
        if made is not None and not made.known(self.clock.now()):
            raise OperationUnknown(f"Operation {name} not found.")
        return found

    @override
    def cancel(self, operation: str) -> None:
        op = self.find(operation)
        self.current()
        if op is not None and op.live and op.unwanted_at is None:
            op.unwanted_at = self.clock.now()
        super().cancel(operation)
        self.calls["stubborn"] += op is not None and op.fate.stubborn and op.state == "CANCELLING"

    @override
    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        id_ = task.claim.ee_request_id or ""
        known = id_ in self.used_ids
        if self._can_be_found(id_) and self._random.random() < self.manners.refused_again:
            self.calls["refused again"] += 1
            raise fault_of(*self._random.choice(IN_PLACE_OF_USED))
        try:
            return super().start(request, task, description)
        finally:
            if not self.manners.burns and not known and self.used_ids.get(id_, "") is None:
                del self.used_ids[id_]

    def _can_be_found(self, id_: str) -> bool:
        """Tell whether an id has an operation that nothing hides or stops."""
        made = self.made.get(self.used_ids.get(id_) or "")
        if not isinstance(made, FatedOperation) or made.origin.life != self._origin.life:
            return False
        seen = made.fate.gone is made.fate.stopped is None
        return seen and made.state not in {"CANCELLING", "CANCELLED"}

    @override
    def _make(self, request: CompositeRequest, task: Task, description: str) -> str:
        name = super()._make(request, task, description)
        fate = self.deal(task)
        fields = {**vars(self.made[name]), "outcome": fate.outcome}
        self.made[name] = FatedOperation(**fields, fate=fate, origin=self._origin)
        return name
