"""Lives a schedule through: a storm of deliveries, ticks and troubles, then calm."""

import json
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from s1ratio.services.context import PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.launch import launch
from s1ratio.task import Task
from tests.simulation.deterministic_scheduler import DeterministicScheduler, Process
from tests.simulation.earth_engine import FatedEarthEngine
from tests.simulation.fault_injection import FaultInjection, Port, outages, refusals
from tests.simulation.history_checker import HistoryChecker
from tests.simulation.operation_fates import Fate, Odds, fate
from tests.simulation.operator import Operator
from tests.simulation.seeded_schedule import NO_JSON, Schedule
from tests.simulation.trace import Trace
from tests.simulation.unreliable_ports import UnreliableWire
from tests.support.simulated import World, broken
from tests.support.simulated.bucket import SimulatedRasters
from tests.support.simulated.leftovers import leave_events

_CALM = Odds()
_MOST_TICKS = 500
# Two reconciliations, and time for what they cancel to end.
_AFTER = timedelta(hours=3)


class Run:
    """One schedule under way; afterwards, what there is to judge."""

    def __init__(self, plan: Schedule, folder: Path) -> None:
        self.plan = plan
        self.random = Random(f"run {plan.seed}")  # noqa: S311 - a simulation
        self.world = World(folder, **plan.settings)
        self.stepper = DeterministicScheduler(self.world.clock)
        self.weather = FaultInjection(self.random, plan.climate)
        self.trace = Trace(self.world.clock)
        self.witness = HistoryChecker(self.world.store)
        self.ee = self._earth_engine()
        self.world.ee = self.ee
        self.acknowledged: set[bytes] = set()
        self.troubles: list[str] = []
        self.counts: Counter[str] = Counter()
        self.operator = Operator(self.random, tuple(plan.valid))
        self._instances: list[Instance] = []
        self._owners = 0
        self._wires = {port: self._wire(port) for port in ("store", "ee", "bucket")}

    def live(self) -> None:
        """Go through the storm and the calm after it."""
        leave_events(self.world.store, self.plan.leftovers)
        self.counts["leftovers"] += len(self.plan.leftovers)
        try:
            self._storm()
            self._calm()
        finally:
            self.stepper.close()

    def close(self) -> None:
        """Let go of the store's file."""
        self.world.close()

    @property
    def payloads(self) -> tuple[bytes, ...]:
        """All messages that are sent."""
        return (*self.plan.valid.values(), *self.plan.invalid)

    def settled(self) -> bool:
        """Tell whether every message was taken in and every request has ended."""
        taken = self.acknowledged.issuperset(self.payloads)
        return taken and all(self.world.settled(id_) for id_ in self.plan.valid)

    @property
    def rejectable(self) -> tuple[bytes, ...]:
        """The messages that must be rejected: another one has its id, or it is no request."""
        texts = [record.message for id_ in self.plan.valid if (record := self.world.request(id_))]
        taken = [json.loads(text) for text in texts]
        return tuple(p for p in self.payloads if p == NO_JSON or json.loads(p) not in taken)

    def was_cancelled(self, task: Task) -> bool:
        """Tell whether somebody asked for a task's end."""
        return self.operator.asked_for(task.plan.request_id)

    def _storm(self) -> None:
        begin = self.world.clock.now()
        end = begin + self.plan.storm
        self.weather.outages = outages(self.random, begin, self.plan.storm)
        self.weather.refusing = self.ee.refusing
        self.weather.refusals = refusals(self.ee.refusing, begin, self.plan.storm)
        self.weather.refused_starts = self.ee.refusing.choice((0.0, 0.0, 0.1))
        for payload in self.payloads:
            for _ in range(self.random.choice((1, 1, 2, 3))):  # duplicates
                late = self.random.choice((0.0, 0.0, 0.1, 1.0)) * self.random.random()
                self.stepper.at(begin + late * self.plan.storm, lambda p=payload: self._deliver(p))  # type: ignore[misc]
        for _ in range(self.plan.wishes):
            self.stepper.at(begin + self.random.random() * self.plan.storm, self._wish)
        self.stepper.at(begin, lambda: self._tick_on(end))
        self.stepper.run(end)

    def _calm(self) -> None:
        self.weather.over = True
        self.ee.capacity = 3000
        self.stepper.finish()
        self.stepper.run(self.world.clock.now() + timedelta(minutes=10))  # the last late effects
        minutes = 2.0
        for _ in range(_MOST_TICKS):
            if self.settled():
                break
            self._tick()
            self._run_on(minutes)
            minutes = min(minutes * 1.25, 30)
        end = self.world.clock.now() + _AFTER
        while self.world.clock.now() < end:
            self._tick()
            self._run_on(30)

    def _run_on(self, minutes: float) -> None:
        self.stepper.run(self.world.clock.now() + timedelta(minutes=minutes))
        self.stepper.finish()

    def _deliver(self, payload: bytes) -> None:
        """Push a message; until it is acknowledged it comes again, even while it is handled."""
        self.counts["deliveries"] += 1
        context = self._context("launch")

        def body() -> None:
            launch(context, payload, "m1")
            self.acknowledged.add(payload)

        self.stepper.spawn(context.owner, body)
        self._redeliver(payload)

    def _redeliver(self, payload: bytes) -> None:
        def again() -> None:
            if payload not in self.acknowledged:
                self._deliver(payload)

        self.stepper.after(self.random.uniform(10, 600), again)

    def _wish(self) -> None:
        self.counts["wishes"] += 1
        context = self._context(self.operator.name)
        wish = self.operator.wish()
        self.stepper.spawn(context.owner, lambda: self.operator.carry_out(wish, context))

    def _tick_on(self, end: datetime) -> None:
        self._tick()
        later = self.world.clock.now() + timedelta(seconds=self.plan.tick_s)
        if later < end:
            self.stepper.at(later, lambda: self._tick_on(end))

    def _tick(self) -> None:
        """Start a tick on an idle instance, of which there are only so many."""
        self._instances = [one for one in self._instances if not one.is_dead]
        idle = [one for one in self._instances if one.is_idle]
        if len(self._instances) < self.plan.pollers:
            new = Instance(self._context("poll"))
            self._instances.append(new)
            idle.append(new)
        if not idle:
            return
        instance = self.random.choice(idle)
        self.counts["ticks"] += 1

        def body() -> None:
            self.troubles += poll(instance.context).troubles

        instance.process = self.stepper.spawn(instance.context.owner, body)

    def _context(self, kind: str) -> PollContext:
        self._owners += 1
        world, wires = self.world, self._wires
        return PollContext(
            settings=world.settings,
            store=broken(world.store, wires["store"]),
            earth_engine=broken(self.ee, wires["ee"]),
            clock=world.clock,
            owner=f"{kind}-{self._owners}",
            objects=broken(world.bucket, wires["bucket"]),
            rasters=broken(SimulatedRasters(world.bucket), wires["bucket"]),
        )

    def _wire(self, port: Port) -> UnreliableWire:
        return UnreliableWire(
            port,
            self.stepper,
            self.weather,
            trace=self.trace,
            witness=self.witness,
            counts=self.counts,
        )

    def _earth_engine(self) -> FatedEarthEngine:
        ee = FatedEarthEngine(self.world.clock, self.world.bucket, self._deal)
        ee.capacity, ee.burns = self.plan.capacity, self.plan.burns
        ee.queue_before_id, ee.page_size = self.plan.queue_before_id, self.plan.page_size
        ee.refusing = Random(f"refusing {self.plan.seed}")  # noqa: S311 - a simulation
        ee.refused_again = ee.refusing.choice((0.0, 0.5))
        return ee

    def _deal(self, task: Task) -> Fate:
        del task
        return fate(self.random, _CALM if self.weather.over else self.plan.odds)


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


def live_through(plan: Schedule, folder: Path) -> Run:
    """Return a schedule's run, lived through; close it."""
    run = Run(plan, folder)
    try:
        run.live()
    except BaseException:
        with suppress(Exception):
            run.close()
        raise
    return run
