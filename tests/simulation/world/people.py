"""People who look after regions and alerts: what they do with the commands, until it is done."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from s1ratio.alerts.records import Kind
from s1ratio.errors import InvalidRequest, UnknownRecord
from s1ratio.ports import Store
from s1ratio.regions import moves
from s1ratio.regions.moves import Change
from s1ratio.regions.reader import read_regions
from s1ratio.regions.records import RegionRecord
from s1ratio.services.alerts import definitions
from s1ratio.services.context import PollContext
from s1ratio.services.regions import commands
from tests.simulation.drawing.standing import Standing
from tests.simulation.drawing.standing_regions import Deed
from tests.support.alert_world import documents

_ME = "me"
Do = Callable[[PollContext], object]


class People:
    """Whose file of regions is `files`, by id: an edit changes that, and applies it."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.files: dict[str, dict[str, Any]] = {
            entry["id"]: deepcopy(entry) for entry in standing.regions
        }

    def begin(self, store: Store, context: PollContext) -> None:
        """Store the definitions and regions that there are from the beginning."""
        now = context.clock.now()
        _define(store, Kind.FEED, documents("feeds"), now)
        _define(store, Kind.RULE, [self._rule(one) for one in documents("rules")], now)
        for name in self.files:
            self._apply(replace(context, store=store), name)

    def deed(self, deed: Deed) -> Do:
        """Return what a person does."""
        return lambda context: self._carry_out(deed, context)

    def silence(self, document: dict[str, Any]) -> Do:
        """Return that a silence is stored."""
        return lambda context: _define(context.store, Kind.SILENCE, [document], context.clock.now())

    def end(self, name: str) -> Do:
        """Return that a region is ended."""
        return lambda context: self._change(name, "end", {}, context)

    def _rule(self, document: dict[str, Any]) -> dict[str, Any]:
        changes = self._standing.rules.get(document["name"], {})
        return {**document, **changes}

    def _carry_out(self, deed: Deed, context: PollContext) -> None:
        if deed.what == "edit":
            self.files[deed.region] |= deed.fields
            self._apply(context, deed.region)
        else:
            self._change(deed.region, deed.what, dict(deed.fields), context)

    def _apply(self, context: PollContext, name: str) -> None:
        now = context.clock.now()
        data = {"version": 1, "regions": [self.files[name]]}
        found = read_regions(data, context.settings.limits(now.date()))
        commands.apply(context, commands.propose(context.store, found, now, _ME))

    def _change(self, name: str, what: str, fields: dict[str, Any], context: PollContext) -> None:
        now = context.clock.now()
        changes: dict[str, Callable[[RegionRecord], Change]] = {
            "pause": lambda record: moves.paused(record, now, _ME, "a holiday"),
            "resume": lambda record: moves.resumed(record, now, _ME, **fields),
            "end": lambda record: moves.ended(record, now, _ME, "no more needed"),
            "run": lambda record: moves.run_wanted(record, now, _ME),
            "backfill": lambda record: moves.backfilling(record, now, _ME, **fields),
        }
        try:
            commands.change_region(context, name, changes[what])
        except (InvalidRequest, UnknownRecord):
            return  # a state that forbids it


def _define(store: Store, kind: Kind, several: list[Any], now: datetime) -> None:
    definitions.apply(store, definitions.propose(store, kind, several, now))
