"""A site whose deployment has regions and alerts, too: their functions, and their people."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from random import Random
from typing import Any

from typing_extensions import override

from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.watch import watch_incidents
from s1ratio.services.alerts.watch_context import WatchContext
from s1ratio.services.context import Context, PollContext
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.regions.tick import refresh_regions
from tests.simulation.drawing.happenings import Said
from tests.simulation.drawing.standing import Standing
from tests.simulation.judging.incident_history import IncidentHistory
from tests.simulation.judging.publications import Publications
from tests.simulation.judging.region_history import RegionHistory
from tests.simulation.judging.watch_history import WatchHistory
from tests.simulation.world.bucket import FatedBucket
from tests.simulation.world.people import Do, People
from tests.simulation.world.site import Plot, Site, Surroundings
from tests.simulation.world.topic import FatedTopic
from tests.support.alert_world import KeptPayloads, PlayedFeeds
from tests.support.simulated import broken


class StandingSite(Site):
    """One deployment with all ways in; `recorded` are the messages of feeds that were taken in."""

    def __init__(
        self,
        plot: Plot,
        around: Surroundings,
        store: Store,
        bucket: FatedBucket,
        random: Random,
        *,
        standing: Standing,
    ) -> None:
        super().__init__(plot, around, store, bucket, random)
        self.standing, self.people = standing, People(standing)
        self.topic = FatedTopic(around.stepper, self.deliver, random, standing.late_s)
        self.recorded: set[Said] = set()
        self.calm_at = around.clock.now()
        self._publisher = broken(self.topic, self._wire("topic"))
        told, skew = self.witness.complaints, timedelta(seconds=plot.kinds.clock_off_s)
        self.regions = RegionHistory(store, told, standing.begin)
        self.incidents = IncidentHistory(store, told, around.clock, skew)
        self.watches = WatchHistory(store, told, standing.sky, self.incidents)
        published = Publications(store, told, self.regions, self.watches)
        for history in (self.regions, self.incidents, self.watches, published):
            self.witness.also(history.handlers)
        self.people.begin(store, self._context("begin"))
        self.regions.look_anew()

    @property
    @override
    def valid(self) -> Mapping[str, bytes]:
        return {**self.plot.valid, **self.topic.first}

    @override
    def was_cancelled(self, request_id: str) -> bool:
        return super().was_cancelled(request_id) or request_id in self.watches.cancelled

    @override
    def settled(self) -> bool:
        """Tell whether all messages were taken in, and all that they led to has ended."""
        if not self.recorded.issuperset(self.standing.said) or not super().settled():
            return False
        open_ones = [one for one in self.store.find_incidents(1_000) if one.state.live]
        return not open_ones and not self.watches.open and not self.regions.open

    def say(self, said: Said, patience_s: float = 60.0) -> None:
        """Push a message of a feed; until it is acknowledged it comes again, ever later."""
        self.around.counts["messages of feeds"] += 1
        context = self._context("record")

        def body() -> None:
            record(self._alerts(context), said.payload, {"feed": said.feed}, "m1")
            self.recorded.add(said)

        def again() -> None:
            if said not in self.recorded:
                self.say(said, min(2 * patience_s, 10_000.0))

        self._spawn(context, body)
        self.around.stepper.after(self.random.uniform(0.2, 1) * patience_s, again)

    def refresh(self) -> None:
        """Run a tick of regions."""
        self.around.counts["ticks of regions"] += 1
        context = self._context("refresh")
        regions = RegionContext(**_inherited(context), publisher=self._publisher)
        self._spawn(context, lambda: self._note(refresh_regions(regions).troubles))

    def watch(self) -> None:
        """Run a tick of incidents and watches."""
        self.around.counts["ticks of watches"] += 1
        context = self._context("watch")
        alerts = self._alerts(context)
        watching = WatchContext(**_inherited(context), alerts=alerts, publisher=self._publisher)

        def body() -> None:
            watch_incidents(watching)

        self._spawn(context, body)

    def ask(self, do: Do) -> None:
        """Let a person do something, again and again until it is done."""
        self.around.counts["deeds"] += 1
        done: list[bool] = []
        self._ask(do, done)

    def _ask(self, do: Do, done: list[bool]) -> None:
        context = self._context(self.operator.name)

        def body() -> None:
            try:
                do(context)
            except Conflict:
                return  # another writer came first: once more
            done.append(True)

        def again() -> None:
            if not done:
                self._ask(do, done)

        self._spawn(context, body)
        self.around.stepper.after(700, again)

    def _note(self, troubles: list[str]) -> None:
        self.troubles += troubles

    def _alerts(self, context: PollContext) -> AlertContext:
        return AlertContext(
            context.settings,
            context.store,
            context.clock,
            context.owner,
            KeptPayloads(),
            PlayedFeeds(),
            outbox=context.outbox,
        )

    @override
    def _request_ids(self) -> Callable[[], tuple[str, ...]]:
        return lambda: tuple(self.valid) or ("r1",)


def _inherited(context: PollContext) -> dict[str, Any]:
    return {item.name: getattr(context, item.name) for item in fields(Context)}
