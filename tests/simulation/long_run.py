"""Lives a schedule of weeks through: bursts of ticks with hours between them, then calm."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from typing_extensions import override

from s1ratio.plan import OrbitPass
from tests.simulation.drawing.skies import TRACKS
from tests.simulation.drawing.standing import CALM, Standing
from tests.simulation.faults.fault_injection import Port
from tests.simulation.run import Run
from tests.simulation.world.bucket import FatedBucket
from tests.simulation.world.site import Plot, Site
from tests.simulation.world.standing_site import StandingSite

_BURST_S = 2400.0
# Longer than any incident lives after the regions have ended, and its requests take.
_PATIENCE = timedelta(days=60)


class LongRun(Run):
    """A schedule with regions and alerts under way; its `main` site has them."""

    @property
    def standing(self) -> Standing:
        """What stands in it."""
        assert self.plan.standing is not None
        return self.plan.standing

    @property
    def site(self) -> StandingSite:
        """The only site."""
        assert isinstance(self.main, StandingSite)
        return self.main

    @override
    def _site(self, plot: Plot, bucket: FatedBucket, random: Random) -> Site:
        store = self._open(self._folder / f"{plot.name}.db")
        self._stack.callback(store.close)
        ee = self.around.ee
        ee.see(self.standing.sky)
        ee.found += tuple(OrbitPass(one.orbit, one.direction, 0.9, 5) for one in TRACKS)
        return StandingSite(plot, self.around, store, bucket, random, standing=self.standing)

    @override
    def _gather_weather(self, begin: datetime) -> None:
        """Draw outages of hours to days, anywhere in the storm."""
        storm, random = self.plan.storm, self.random
        super()._gather_weather(begin)
        for down in (self.around.weather.outages, self.around.weather.refusals):
            down.clear()
        ports: tuple[Port, ...] = ("store", "ee", "ee", "bucket", "topic")
        for port in ports:
            if random.random() < 0.25:
                start = begin + random.random() * storm
                lasts = timedelta(hours=random.choice((0.5, 4, 40)))
                self.around.weather.outages.append((port, start, start + lasts))
        if random.random() < 0.2:
            start = begin + random.random() * storm
            self.around.weather.refusals.append((start, start + timedelta(hours=20)))

    @override
    def _storm(self) -> None:
        stepper, plan, site = self.around.stepper, self.plan, self.site
        begin = self.around.clock.now()
        end = begin + plan.storm
        self._gather_weather(begin)
        for payload in site.payloads:
            stepper.at(begin + self.random.random() * plan.storm, lambda p=payload: site.deliver(p))  # type: ignore[misc]
        for said in self.standing.said:
            for late_h in self.random.choice(((0.0,), (0.0,), (0.0, 0.0), (0.0, 1.0, 30.0))):
                at = said.at + timedelta(hours=late_h)
                stepper.at(at, lambda s=said: site.say(s))  # type: ignore[misc]
        for deed in self.standing.deeds:
            stepper.at(deed.at, lambda d=deed: site.ask(site.people.deed(d)))  # type: ignore[misc]
        for at, document in self.standing.silences:
            stepper.at(at, lambda d=document: site.ask(site.people.silence(d)))  # type: ignore[misc]
        for _ in range(plan.wishes):
            stepper.at(begin + self.random.random() * plan.storm, site.wish)
        self._deploy(begin)
        self._burst_on(end)
        stepper.run(end)

    def _burst_on(self, end: datetime) -> None:
        """Have ticks now, and again some hours later."""
        self._burst(self.random.choice((1, 1, 2)))
        later = timedelta(hours=self.random.choice(self.standing.gaps_h))
        later *= self.random.uniform(0.7, 1.2)
        at = self.around.clock.now() + max(later, timedelta(seconds=_BURST_S))
        if at < end:
            self.around.stepper.at(at, lambda: self._burst_on(end))

    def _burst(self, count: int) -> None:
        """Have ticks of all functions within a while, in any order, now and then two at once."""
        site = self.site
        ticks: tuple[Callable[[], None], ...] = (site.refresh, site.watch, site.tick)
        for tick in ticks:
            for _ in range(self.random.choice((1, count))):
                self.around.stepper.after(self.random.random() * _BURST_S, tick)

    @override
    def _calm(self) -> None:
        around = self.around
        around.weather.over = True
        self.site.topic.stormy = self.site.events.stormy = False
        around.ee.capacity = 3000
        around.stepper.finish()
        around.stepper.run(around.clock.now() + timedelta(hours=1))  # the last late effects
        self.calm_at = self.site.calm_at = around.clock.now()
        self._go_on(self.calm_at + CALM, lambda: False, (3, 12, 24))
        for name in self.site.people.files:
            self.site.ask(self.site.people.end(name))
        self._go_on(around.clock.now() + _PATIENCE, self.settled, (6, 24, 36))
        self.quiet_at = around.clock.now()
        self._go_on(around.clock.now() + timedelta(days=1), lambda: False, (12,))

    def _go_on(self, end: datetime, done: Callable[[], bool], gaps_h: tuple[float, ...]) -> None:
        """Tick with so many hours between until a time, or until something is done."""
        while not (done() or self.halted) and self.around.clock.now() < end:
            self._burst(1)
            hours = self.random.choice(gaps_h)
            self.around.stepper.run(self.around.clock.now() + timedelta(hours=hours))
            self.around.stepper.finish()
