"""A site: one deployment and its store, what is delivered to it, its pollers and its people."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from s1ratio.ports import Store
from s1ratio.records import Event, RequestRecord
from s1ratio.services.context import PollContext
from s1ratio.services.outbox import Outbox
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.launch import launch
from s1ratio.settings import Settings
from s1ratio.task import Task
from tests.simulation.drawing.kinds import Kinds
from tests.simulation.drawing.seeded_schedule import NO_JSON
from tests.simulation.fates.fated_operation import Origin
from tests.simulation.faults.fault_injection import FaultInjection, Port
from tests.simulation.faults.refused_records import PickyStore
from tests.simulation.faults.unreliable_ports import UnreliableWire
from tests.simulation.judging.complaints import Complaints
from tests.simulation.judging.history_checker import HistoryChecker
from tests.simulation.judging.trace import Trace
from tests.simulation.world.bucket import FatedBucket
from tests.simulation.world.caller import Caller
from tests.simulation.world.clocks import WorkerClock
from tests.simulation.world.deterministic_scheduler import DeterministicScheduler, Process
from tests.simulation.world.earth_engine import FatedEarthEngine
from tests.simulation.world.event_topic import PUBLISHING, FatedEvents
from tests.simulation.world.operator import Operator
from tests.support.simulated import SimulatedClock, broken
from tests.support.simulated.bucket import SimulatedRasters


@dataclass(frozen=True)
class Surroundings:
    """What all sites share."""

    clock: SimulatedClock
    stepper: DeterministicScheduler
    weather: FaultInjection
    trace: Trace
    ee: FatedEarthEngine
    counts: "Counter[str]"


@dataclass(frozen=True)
class Plot:
    """What a site is: its name, its settings, the messages it is sent, how many pollers it has."""

    name: str
    settings: Settings
    valid: Mapping[str, bytes]
    invalid: Sequence[bytes]
    pollers: int
    kinds: Kinds


class Site:
    """One deployment and its store; afterwards, what there is to judge of it."""

    def __init__(
        self, plot: Plot, around: Surroundings, store: Store, bucket: FatedBucket, random: Random
    ) -> None:
        self.plot, self.around, self.store, self.bucket = plot, around, store, bucket
        self.random = random
        self.caller = Caller(
            around.ee,
            bucket,
            self._origin,
            site=plot.name,
            stepper=around.stepper,
            random=random,
        )
        self.caller.counts = around.counts
        ceiling, told = plot.settings.max_request_eecu_s, Complaints(around.stepper)
        self.witness = HistoryChecker(store, self.caller, ceiling, told)
        self.operator = Operator(random, self._request_ids())
        self.acknowledged: set[bytes] = set()
        self.troubles: list[str] = []
        self.deletions: Counter[str] = Counter()
        self.set_backs = 0
        self.leftovers: Sequence[Event] = ()
        self._instances: list[Instance] = []
        self._owners = 0
        refused = plot.kinds.refused
        picky: Store = PickyStore(store, refused, around.counts) if refused else store  # type: ignore[assignment]
        self.events = FatedEvents(around.clock, random, around.counts)
        self._outgoing = broken(self.events, self._wire("events"))
        self._ports = (
            broken(picky, self._wire("store")),
            broken(self.caller, self._wire("ee")),
            broken(bucket, self._wire("bucket")),
            broken(SimulatedRasters(bucket), self._wire("bucket")),
        )

    @property
    def payloads(self) -> tuple[bytes, ...]:
        """All messages that are sent."""
        return (*self.valid.values(), *self.plot.invalid)

    @property
    def valid(self) -> Mapping[str, bytes]:
        """The messages that must become requests, by the requests' ids."""
        return self.plot.valid

    @property
    def records(self) -> dict[str, RequestRecord]:
        """The requests as they are stored, by id."""
        found = {id_: self.store.get_request(id_) for id_ in self.valid}
        return {id_: record for id_, record in found.items() if record is not None}

    @property
    def tasks(self) -> dict[str, Task]:
        """All tasks by id."""
        return {task.id: task for id_ in self.valid for task in self.store.find_tasks_of(id_)}

    def settled(self) -> bool:
        """Tell whether every message was taken in and every request has ended."""
        records = self.records
        taken = self.acknowledged.issuperset(self.payloads)
        ended = all(record.state.terminal for record in records.values())
        return taken and ended and len(records) == len(self.valid)

    @property
    def rejectable(self) -> tuple[bytes, ...]:
        """The messages that must be rejected: another one has its id, or it is no request."""
        taken = [json.loads(record.message) for record in self.records.values()]
        return tuple(p for p in self.payloads if p == NO_JSON or json.loads(p) not in taken)

    def was_cancelled(self, request_id: str) -> bool:
        """Tell whether a request's end was asked for, or it spent too much, or can't be kept."""
        refused = self.plot.kinds.refused
        if refused is not None and refused.id == request_id:
            return True
        return self.operator.asked_for(request_id) or request_id in self.witness.overspent

    def deliver(self, payload: bytes) -> None:
        """Push a message; until it is acknowledged it comes again, even while it is handled."""
        self.around.counts["deliveries"] += 1
        context = self._context("launch")

        def body() -> None:
            launch(context, payload, "m1")
            self.acknowledged.add(payload)

        self._spawn(context, body)
        self._redeliver(payload)

    def _redeliver(self, payload: bytes) -> None:
        def again() -> None:
            if payload not in self.acknowledged:
                self.deliver(payload)

        self.around.stepper.after(self.random.uniform(10, 600), again)

    def wish(self) -> None:
        """Let a person do something."""
        self.around.counts["wishes"] += 1
        context = self._context(self.operator.name)
        wish = self.operator.wish()
        self._spawn(context, lambda: self.operator.carry_out(wish, context))

    def tick(self) -> None:
        """Start a tick on an idle instance, of which there are only so many."""
        self._instances = [one for one in self._instances if not one.is_dead]
        idle = [one for one in self._instances if one.is_idle]
        if len(self._instances) < self.plot.pollers:
            new = Instance(self._context("poll"))
            self._instances.append(new)
            idle.append(new)
        if not idle:
            return
        instance = self.random.choice(idle)
        self.around.counts["ticks"] += 1

        def body() -> None:
            self.troubles += poll(instance.context).troubles

        instance.process = self._spawn(instance.context, body)

    def tick_on(self, every_s: float, end: datetime) -> None:
        """Tick now, and again every so many seconds."""
        self.tick()
        later = self.around.clock.now() + timedelta(seconds=every_s)
        if later < end:
            self.around.stepper.at(later, lambda: self.tick_on(every_s, end))

    def _spawn(self, context: PollContext, body: Callable[[], None]) -> Process:
        return self.around.stepper.spawn(context.owner, body, self.plot.name)

    def _request_ids(self) -> Callable[[], tuple[str, ...]]:
        """Return what tells the requests that a person may mean."""
        known = tuple(self.plot.valid)
        return lambda: known

    def _origin(self, task: Task) -> Origin:
        request_id = task.plan.request_id
        life = (self.set_backs, self.deletions[request_id])
        return Origin(self.plot.name, life, task.id, request_id, task.run.attempt)

    def _context(self, kind: str) -> PollContext:
        self._owners += 1
        store, earth_engine, objects, rasters = self._ports
        off_s = self.plot.kinds.clock_off_s
        off = timedelta(seconds=self.random.uniform(-off_s, off_s))
        mark = "" if self.plot.name == "main" else f"{self.plot.name} "
        return PollContext(
            settings=self.plot.settings,
            store=store,
            earth_engine=earth_engine,
            clock=WorkerClock(self.around.clock, off) if off_s else self.around.clock,
            owner=f"{mark}{kind}-{self._owners}",
            objects=objects,
            rasters=rasters,
            outbox=Outbox(self._outgoing) if kind in PUBLISHING else Outbox(),
        )

    def _wire(self, port: Port) -> UnreliableWire:
        around = self.around
        return UnreliableWire(
            port,
            around.stepper,
            around.weather,
            trace=around.trace,
            witness=self.witness,
            counts=around.counts,
        )


class Instance:
    """A warm function instance: one call at a time; what it remembers dies with it."""

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self.process: Process | None = None

    @property
    def is_dead(self) -> bool:
        """Whether it was killed."""
        return self.process is not None and self.process.killed

    @property
    def is_idle(self) -> bool:
        """Whether it can take a call."""
        return self.process is None or self.process.over
