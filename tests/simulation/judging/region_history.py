"""Sees every write of regions, and objects to what must never happen: a firing that passes unseen,
a budget that is overdrawn, a request while an earlier one is open that it must wait for.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from s1ratio.ports import Store
from s1ratio.records import Event
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.regions.states import Cause, RegionState
from tests.simulation.drawing.cron_by_steps import firings
from tests.simulation.drawing.standing_regions import AHEAD, PAST
from tests.simulation.judging.told import faults_of_told

_DAY = timedelta(days=1)


class RegionHistory:
    """Keeps the last committed state of each region and of its requests.

    `steady_since` is when somebody last changed what a region looks for, or whether it does.
    """

    def __init__(self, store: Store, complaints: list[str], begin: datetime) -> None:
        self._store, self._complaints, self._begin = store, complaints, begin
        self.records: dict[str, RegionRecord] = {}
        self.refreshes: dict[str, RefreshRecord] = {}
        self.steady_since: dict[str, datetime] = {}
        self.over_at: dict[str, datetime] = {}
        self._held: dict[str, RegionRecord] = {}
        self.handlers: Mapping[str, Callable[..., None]] = {"commit_regions": self._committed}

    @property
    def open(self) -> list[str]:
        """The requests of regions that have not ended, as far as these know."""
        return [one.id for one in self.refreshes.values() if one.is_open]

    def look_anew(self) -> None:
        """Take what is in the store for what was written last."""
        self.records = {one.id: one for one in self._store.find_regions(100)}
        self.steady_since = {one.id: one.since for one in self.records.values()}

    def held_at(self, region_id: str) -> RegionRecord | None:
        """Return a region as it was held up when it ended, None if it was not."""
        return self._held.get(region_id)

    def fired(self, record: RegionRecord, after: datetime, until: datetime) -> list[datetime]:
        """Return the firings of a region's definition in a time, those of before its end alone."""
        data = json.loads(record.text)
        if data.get("schedule") is None:
            return []
        cron, zone = data["schedule"]["cron"], data["schedule"]["zone"]
        end = date.fromisoformat(data["end"]) if data.get("end") else date.max
        every = firings(cron, zone, self._begin - PAST, self._begin + AHEAD)
        return [one for one in every if after < one <= until and one.date() < end]

    def _committed(
        self,
        who: str,
        regions: Sequence[RegionRecord] = (),
        refreshes: Sequence[RefreshRecord] = (),
        entries: Sequence[HistoryEntry] = (),
        events: Sequence[Event] = (),
        *,
        answer: Any,
    ) -> None:
        del answer
        fresh = [one for one in refreshes if one.id not in self.refreshes]
        for record in regions:
            before = self.records.get(record.id)
            if before is not None:
                self._check_move(who, before, record, fresh, entries)
                self._check_told(who, before, record, events)
            self.records[record.id] = record
        for one in fresh:
            self._check_budget(who, one)
            self._check_overlap(who, one)
        self.refreshes |= {one.id: one for one in refreshes}

    def _check_move(
        self,
        who: str,
        before: RegionRecord,
        after: RegionRecord,
        fresh: Sequence[RefreshRecord],
        entries: Sequence[HistoryEntry],
    ) -> None:
        self._object(
            after.tries > 0, f"{who} met the unexpected at region {after.id}: {after.error}"
        )
        back = after.watermark < before.watermark
        self._object(back, f"{who} set the watermark of {after.id} back")
        if after.scenes_from != before.scenes_from or after.state is not before.state:
            self.steady_since[after.id] = max(after.since, after.scenes_from)
        if after.state is not RegionState.ACTIVE and before.state is RegionState.ACTIVE:
            self.over_at[after.id] = after.since
            self._held.pop(after.id, None)
            if before.held is not None:
                self._held[after.id] = before
        if json.loads(before.text)["trigger"] == "new_scenes":
            return  # its firings are looks for passes
        skips = [one for one in entries if one.region_id == after.id and one.kind == "skipped"]
        for fired in self.fired(before, before.watermark, after.watermark):
            asked = [one for one in fresh if one.region_id == after.id and one.firing == fired]
            told = any(_covers(one, fired) for one in skips)
            words = f"{who} let {after.id}'s firing of {fired} pass: no request, no reason"
            self._object(not (asked or told), words)
            for one in asked:
                wanted = _period(json.loads(before.text)["period"], fired, before.since_day)
                wrong = (one.start, one.end) != wanted
                self._object(wrong, f"{one.id} is of {one.start} to {one.end}, not of {wanted}")

    def _check_told(
        self, who: str, before: RegionRecord, after: RegionRecord, events: Sequence[Event]
    ) -> None:
        numbers = before.sequence, after.sequence
        own = [event for event in events if event.subject == after.id]
        changed = before.state is not after.state or before.text != after.text
        for words in faults_of_told(
            after.id, numbers, own, changed=changed, state=after.state.value
        ):
            self._complaints.append(f"{who}: {words}")

    def _check_budget(self, who: str, one: RefreshRecord) -> None:
        record = self.records.get(one.region_id)
        budget = json.loads(record.text).get("budget", {}) if record is not None else {}
        month = [each for each in self._others(one) if _month(each.made_at) == _month(one.made_at)]
        most, spent = budget.get("requests"), sum(each.eecu_seconds for each in month)
        over = most is not None and len(month) >= most
        self._object(over, f"{who} made {one.id}, though {len(month)} of {most} a month are made")
        most_s = budget.get("eecu_seconds")
        over = most_s is not None and spent > most_s
        self._object(over, f"{who} made {one.id}, though {spent} of {most_s} EECU-s are spent")

    def _check_overlap(self, who: str, one: RefreshRecord) -> None:
        record = self.records.get(one.region_id)
        if record is None or one.cause not in {Cause.SCHEDULE, Cause.NEW_SCENES}:
            return
        waits = json.loads(record.text)["overlap"] != "allow"
        others = [each for each in self._others(one) if each.cause is not Cause.BACKFILL]
        earlier = [each.id for each in others if each.is_open and each.made_at < one.made_at]
        known = self._store.get_requests(set(earlier))
        open_ones = [id_ for id_ in earlier if id_ not in known or not known[id_].state.terminal]
        words = f"{who} made {one.id}, which must wait for {open_ones}"
        self._object(waits and bool(open_ones), words)

    def _others(self, one: RefreshRecord) -> Iterable[RefreshRecord]:
        of_it = [each for each in self.refreshes.values() if each.region_id == one.region_id]
        return [each for each in of_it if each.id != one.id]

    def _object(self, broken: bool, words: str) -> None:
        if broken:
            self._complaints.append(words)


def _covers(entry: HistoryEntry, fired: datetime) -> bool:
    return entry.first is not None and entry.last is not None and entry.first <= fired <= entry.last


def _month(at: datetime) -> tuple[int, int]:
    return at.year, at.month


def _period(period: Mapping[str, Any], fired: datetime, since: date) -> tuple[date, date]:
    """Return the days that a firing asks for, by the words of the pages."""
    day = fired.date()
    first = day.replace(day=1)
    match period["kind"]:
        case "calendar":  # months alone are drawn
            return (first - _DAY).replace(day=1), first
        case "last_days":
            return day - period["n"] * _DAY, day
        case "last_months":  # one alone is drawn
            last = (first - _DAY).day
            return (first - _DAY).replace(day=min(day.day, last)), day
        case "since_last":
            return since, day
    return date.fromisoformat(period["day"]), day
