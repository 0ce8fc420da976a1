"""The simulated Earth Engine of a schedule: each operation has its fate, the list its pages."""

from collections.abc import Callable, Sequence

from typing_extensions import override

from s1ratio.errors import OperationUnknown
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest
from s1ratio.task import Task
from tests.simulation.operation_fates import Fate, FatedOperation
from tests.support.simulated import SimulatedBucket, SimulatedClock, SimulatedEarthEngine


class FatedEarthEngine(SimulatedEarthEngine):
    """Meets `ports.EarthEngine`; `deal` decides what becomes of each new operation.

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

    def fated(self) -> list[FatedOperation]:
        """Return all operations as they stand now, oldest first."""
        return [op for op in self.current() if isinstance(op, FatedOperation)]

    def page(self, after: Operation | None) -> Sequence[Operation]:
        """Return the page of the list that follows on an operation, newest first."""
        self.calls["list_operations"] += 1
        now = self.clock.now()
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
        try:
            return super().start(request, task, description)
        finally:
            if not self.burns and not known and self.used_ids.get(id_, "") is None:
                del self.used_ids[id_]

    @override
    def _make(self, request: CompositeRequest, task: Task, description: str) -> str:
        name = super()._make(request, task, description)
        fate = self.deal(task)
        fields = {**vars(self.made[name]), "outcome": fate.outcome}
        self.made[name] = FatedOperation(**fields, fate=fate)
        return name
