"""Lives a schedule through: a storm of deliveries, ticks and troubles, then calm."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.ports import Store
from s1ratio.settings import Settings
from s1ratio.task import Task
from tests.simulation.drawing.seeded_schedule import Schedule
from tests.simulation.fates.fate import Fate, Odds, fate
from tests.simulation.faults.fault_injection import FaultInjection, outages, refusals
from tests.simulation.judging.trace import Trace
from tests.simulation.world.bucket import FatedBucket
from tests.simulation.world.deterministic_scheduler import DeterministicScheduler
from tests.simulation.world.earth_engine import FatedEarthEngine, Manners
from tests.simulation.world.site import Plot, Site, Surroundings
from tests.simulation.world.store_file import StoreFile
from tests.support.simulated import SimulatedClock
from tests.support.simulated.leftovers import leave_events

StoreOpener = Callable[[Path], Store]
_CALM = Odds()
# Nobody waits any longer until all have ended: longer than any bound, see `judging/quiet.py`.
_PATIENCE, _PATIENCE_BY_DAYS = timedelta(hours=72), timedelta(days=11)
_SOON = timedelta(hours=2)
# Two reconciliations, and time for what they cancel to end.
_AFTER = timedelta(hours=3)


class Run:
    """One schedule under way; afterwards, what there is to judge.

    `calm_at` is when nothing went wrong any more, `quiet_at` when all had ended.
    """

    def __init__(self, plan: Schedule, folder: Path, open_store: StoreOpener) -> None:
        self.plan, self._folder, self._open = plan, folder, open_store
        self.random = Random(f"run {plan.seed}")  # noqa: S311 - a simulation
        self._stack = ExitStack()
        clock = SimulatedClock()
        if plan.standing is not None:
            clock.sleep((plan.standing.begin - clock.now()).total_seconds())
        off = timedelta(seconds=plan.kinds.bucket_off_s)
        self._bucket = FatedBucket("exports", clock, off)
        self.counts: Counter[str] = Counter()
        self.around = Surroundings(
            clock=clock,
            stepper=DeterministicScheduler(clock),
            weather=FaultInjection(self.random, plan.climate),
            trace=Trace(clock),
            ee=self._earth_engine(clock),
            counts=self.counts,
        )
        self.calm_at = self.quiet_at = clock.now()
        self.sites = [self._main_site(), *self._neighbours()]

    @property
    def main(self) -> Site:
        """The site that everything is wrong with."""
        return self.sites[0]

    @property
    def complaints(self) -> list[str]:
        """What was objected to while it lasted."""
        return [words for site in self.sites for words in site.witness.complaints]

    @property
    def halted(self) -> bool:
        """Whether it ended with the first complaint."""
        return self.around.stepper.halted

    def live(self) -> None:
        """Go through the storm and the calm after it."""
        self.around.stepper.hasty = self.plan.hasty
        try:
            self._storm()
            self._calm()
        finally:
            self.around.stepper.close()

    def close(self) -> None:
        """Let go of the stores."""
        self._stack.close()

    def settled(self) -> bool:
        """Tell whether every message was taken in and every request has ended, everywhere."""
        return self.halted or all(site.settled() for site in self.sites)

    def _storm(self) -> None:
        stepper, plan = self.around.stepper, self.plan
        begin = self.around.clock.now()
        end = begin + plan.storm
        self._gather_weather(begin)
        for site in self.sites:
            for payload in site.payloads:
                for _ in range(self.random.choice((1, 1, 2, 3))):  # duplicates
                    late = self.random.choice((0.0, 0.0, 0.1, 1.0)) * self.random.random()
                    stepper.at(begin + late * plan.storm, lambda s=site, p=payload: s.deliver(p))  # type: ignore[misc]
            stepper.at(begin, lambda s=site: s.tick_on(plan.tick_s, end))  # type: ignore[misc]
        for _ in range(plan.wishes):
            stepper.at(begin + self.random.random() * plan.storm, self.main.wish)
        self._rewrite(begin)
        self._deploy(begin)
        stepper.run(end)

    def _gather_weather(self, begin: datetime) -> None:
        weather, refusing = self.around.weather, self._refusing
        weather.outages = outages(self.random, begin, self.plan.storm)
        weather.refusing = refusing
        weather.refusals = refusals(refusing, begin, self.plan.storm)
        weather.refused_starts = refusing.choice((0.0, 0.0, 0.1))
        for site in self.sites:
            site.events.draw_outage(begin, self.plan.storm)

    def _deploy(self, begin: datetime) -> None:
        """Have other software deployed, if it is to be: for a while some get the one of before."""
        at, storm = self.plan.kinds.new_graph, self.plan.storm
        if at is None:
            return
        random = Random(f"deploying {self.plan.seed}")  # noqa: S311 - a simulation
        first, clock = begin + at * storm, self.around.clock

        def newest() -> int:
            since = clock.now() - first
            if since < timedelta():
                return 1
            return 2 if since > storm / 5 else random.choice((1, 2))

        self.around.stepper.deploy = newest

    def _rewrite(self, begin: datetime) -> None:
        """Have the store's file changed by hand, if it is to be."""
        kinds, storm = self.plan.kinds, self.plan.storm
        if kinds.kept is not None and kinds.set_back is not None:
            self.around.stepper.at(begin + kinds.kept * storm, self._file.keep)
            self.around.stepper.at(begin + kinds.set_back * storm, self._file.set_back)

    def _calm(self) -> None:
        around = self.around
        around.weather.over = True
        for site in self.sites:
            site.events.stormy = False
        around.ee.capacity = 3000
        around.stepper.finish()
        around.stepper.run(around.clock.now() + timedelta(minutes=10))  # the last late effects
        self.calm_at = around.clock.now()
        self._until_settled()
        self.quiet_at = around.clock.now()
        if self.plan.kinds.deletes:
            self._file.delete_ended()
            self._until_settled()
        end = around.clock.now() + _AFTER
        while around.clock.now() < end:
            self._tick_all(30)

    def _until_settled(self) -> None:
        """Tick as a poller does; where there is long to wait, less often: it saves time."""
        clock, minutes = self.around.clock, 2.0
        soon = clock.now() + _SOON
        by_days = self.plan.kinds.most_a_day is not None
        end = clock.now() + (_PATIENCE_BY_DAYS if by_days else _PATIENCE)
        while not self.settled() and clock.now() < end:
            self._tick_all(minutes)
            minutes = min(minutes * 1.25, 5 if clock.now() < soon else 30)

    def _tick_all(self, minutes: float) -> None:
        stepper = self.around.stepper
        for site in self.sites:
            site.tick()
        stepper.run(self.around.clock.now() + timedelta(minutes=minutes))
        stepper.finish()

    def _main_site(self) -> Site:
        plan = self.plan
        plot = Plot("main", self._settings, plan.valid, plan.invalid, plan.pollers, plan.kinds)
        site = self._site(plot, self._bucket, self.random)
        site.caller.forbidden, site.caller.most_days = plan.kinds.forbidden, plan.kinds.most_days
        leave_events(site.store, plan.leftovers)
        site.leftovers = plan.leftovers
        self.counts["leftovers"] += len(plan.leftovers)
        return site

    def _neighbours(self) -> list[Site]:
        """Return the other deployment, or the other store, under the same Earth Engine."""
        kind, plan = self.plan.kinds.neighbour, self.plan
        if kind is None:
            return []
        self.counts[f"other {kind}"] += 1
        settings, bucket = self._settings, self._bucket
        if kind == "deployment":
            settings = replace(settings, deployment="prod2", bucket="exports2")
            bucket = FatedBucket("exports2", self.around.clock, timedelta())
        valid = dict(list(plan.valid.items())[:1])
        plot = Plot("other", settings, valid, (), 1, replace(plan.kinds, refused=None))
        random = Random(f"other {plan.seed}")  # noqa: S311 - a simulation
        return [self._site(plot, bucket, random)]

    def _site(self, plot: Plot, bucket: FatedBucket, random: Random) -> Site:
        path = self._folder / f"{plot.name}.db"
        store = self._open(path)
        self._stack.callback(store.close)
        site = Site(plot, self.around, store, bucket, random)
        if plot.name == "main" and self.plan.kinds.rewrites_store:
            self._file = StoreFile(path, site)
            self._stack.callback(self._file.close)
        return site

    @property
    def _settings(self) -> Settings:
        return Settings(project="p", bucket="exports", deployment="prod", **self.plan.settings)

    def _earth_engine(self, clock: SimulatedClock) -> FatedEarthEngine:
        plan = self.plan
        self._refusing = Random(f"refusing {plan.seed}")  # noqa: S311 - a simulation
        manners = Manners(
            burns=plan.burns,
            page_size=plan.page_size,
            flicker=plan.kinds.flicker,
            refused_again=self._refusing.choice((0.0, 0.5)),
        )
        ee = FatedEarthEngine(clock, self._bucket, self._deal, manners, self._refusing)
        ee.capacity, ee.queue_before_id = plan.capacity, plan.queue_before_id
        ee.shown_project = plan.kinds.project
        return ee

    def _deal(self, task: Task) -> Fate:
        del task
        return fate(self.random, _CALM if self.around.weather.over else self.plan.odds)


def live_through(
    plan: Schedule, folder: Path, open_store: StoreOpener = SqliteStore, kind: type[Run] = Run
) -> Run:
    """Return a schedule's run, lived through; close it."""
    run = kind(plan, folder, open_store)
    try:
        run.live()
    except BaseException:
        with suppress(Exception):
            run.close()
        raise
    return run
