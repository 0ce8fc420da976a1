"""The simulated Earth Engine of a schedule: each operation has its fate, the list its pages."""

from collections.abc import Callable, Sequence
from random import Random

from typing_extensions import override

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import OperationUnknown
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest
from s1ratio.task import Task
from tests.simulation.operation_fates import Fate, FatedOperation
from tests.support.simulated import SimulatedBucket, SimulatedClock, SimulatedEarthEngine

# What a second POST may be told in place of its id being used.
_REFUSALS = (
    ("Requested entity already exists", 409),
    ("Image.select: Pattern 'VV' did not match any bands.", 400),
    ("Export too large: specified 20000000000 pixels.", 400),
    ("User memory limit exceeded.", 400),
)


class FatedEarthEngine(SimulatedEarthEngine):
    """Meets `ports.EarthEngine`; `deal` decides what becomes of each new operation.

    `refused_again`: how often the words are others where an id has an operation to be
    found.

    `burns`: whether a start that finds the queue full uses up its request id. Pages of the list
    hold `page_size`.
    """

    def __init__(
        self, clock: SimulatedClock, bucket: SimulatedBucket, deal: Callable[[Task], Fate]
    ) -> None:
        super().__init__(clock, bucket)
        self.deal = deal
        self.burns = True
        self.page_size = 500
        self.refusing = Random(0)  # noqa: S311 - a simulation
        self.refused_again = 0.0

    def fated(self) -> list[FatedOperation]:
        """Return all operations as they stand now, oldest first."""
        return [op for op in self.current() if isinstance(op, FatedOperation)]

    def page(self, after: Operation | None) -> Sequence[Operation]:
        """Return the page of the list that follows on an operation, newest first."""
        self.calls["list_operations"] += 1
        now = self.clock.now()
        self.answered_at = now.replace(microsecond=0)
        listed = sorted(
            (op for op in self.fated() if op.listed(now)), key=lambda op: op.name, reverse=True
        )
        rest = [op.shown(now) for op in listed if after is None or op.name < after.name]
        return rest[: self.page_size]

    @override
    def get_operation(self, name: str) -> Operation:
        """Return an operation by its name."""
        found = super().get_operation(name)
        made = self.made[name]
        if isinstance(made, FatedOperation) and not made.known(self.clock.now()):
            raise OperationUnknown(f"Operation {name} not found.")
        return found

    @override
    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start an export, or refuse."""
        id_ = task.claim.ee_request_id or ""
        known = id_ in self.used_ids
        if self._can_be_found(id_) and self.refusing.random() < self.refused_again:
            self.calls["refused again"] += 1
            raise fault_of(*self.refusing.choice(_REFUSALS))
        try:
            return super().start(request, task, description)
        finally:
            if not self.burns and not known and self.used_ids.get(id_, "") is None:
                del self.used_ids[id_]

    def _can_be_found(self, id_: str) -> bool:
        """Tell whether an id has an operation that nothing hides or stops."""
        made = self.made.get(self.used_ids.get(id_) or "")
        found = isinstance(made, FatedOperation) and made.fate.gone is made.fate.stopped is None
        return found and made is not None and made.state not in {"CANCELLING", "CANCELLED"}

    @override
    def _make(self, request: CompositeRequest, task: Task, description: str) -> str:
        name = super()._make(request, task, description)
        fate = self.deal(task)
        fields = {**vars(self.made[name]), "outcome": fate.outcome}
        self.made[name] = FatedOperation(**fields, fate=fate)
        return name
