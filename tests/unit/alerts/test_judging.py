"""Which rule takes an alert, and why none does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.feed import read_feed
from s1ratio.alerts.items import Item, Status, read_items
from s1ratio.alerts.judging import judge
from s1ratio.alerts.reasons import WORDS, Reason
from s1ratio.alerts.rule import Rule, read_rule
from s1ratio.alerts.shipped import shipped_feeds, shipped_rules
from s1ratio.alerts.silences import read_silence
from s1ratio.alerts.unwrapping import unwrap
from s1ratio.errors import InvalidRequest
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0

RULES = shipped_rules()
ITEM = Item("mine", "1", Status.ALERT, T0, "POINT (104.9 11.6)", 3, raw='{"kind": "flood"}')
FEEDS = {feed.name: feed for feed in shipped_feeds()}


def rule(**changes: Any) -> Rule:
    return read_rule(
        {"name": "mine", "hazard": "flood", "feeds": [{"feed": "mine"}]} | changes,
    )


def reason(item: Item, *rules: Rule, days: float = 1) -> Reason | None:
    return judge(item, item.time + timedelta(days=days), rules or (rule(),)).reason


BIG = "POLYGON ((100 10, 104 10, 104 14, 100 14, 100 10))"


@pytest.mark.parametrize(
    ("changes", "days", "expected"),
    [
        ({}, 1, None),
        ({"status": Status.IGNORE}, 1, Reason.STATUS),
        ({"feed": "other"}, 1, Reason.NO_RULE),
        ({"severity": 2}, 1, Reason.SEVERITY),
        ({"place": None}, 1, Reason.NO_PLACE),
        ({"place": BIG}, 1, Reason.AREA),
        ({"place": "POINT (35.55 -17.27)"}, 1, Reason.COUNTRY),  # Mozambique's, as some tell it
        ({"place": "POINT (35.65 -17.27)"}, 1, None),
        ({"place": "POLYGON ((35.5 -17.3, 35.6 -17.3, 35.6 -17.2, 35.5 -17.3))"}, 1, None),
        ({"place": "POINT (35.55 -17.27)", "footprint": True}, 1, None),
        ({}, 30, None),
        ({}, 30.01, Reason.TOO_OLD),
        ({}, -20, None),  # a warning of what is to come
    ],
)
def test_why_not(changes: dict[str, Any], days: float, expected: Reason | None) -> None:
    assert reason(replace(ITEM, **changes), days=days) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("kind == 'flood'", None),
        ("kind == 'fire'", Reason.FILTER),
        ("nothing", Reason.FILTER),
        ("contains(nothing, 'x')", Reason.BROKEN_FILTER),
        ("kind > `1`", Reason.BROKEN_FILTER),
    ],
)
def test_a_filter_sees_the_item_as_it_was_sent(expression: str, expected: Reason | None) -> None:
    one = rule(feeds=[{"feed": "mine", "filter": expression}])
    assert reason(ITEM, one) in {expected, Reason.FILTER if expected else None}


def test_the_first_rule_by_name_that_lets_it_pass_takes_it() -> None:
    first, second = rule(name="a", severity=4), rule(name="b")
    last = rule(name="c")
    found = judge(ITEM, T0, (last, second, first))
    assert (found.rule, found.reason) == (second, None)


def test_of_several_refusals_that_of_the_rule_it_came_farthest_with_is_told() -> None:
    severe, filtered = rule(severity=4), rule(feeds=[{"feed": "mine", "filter": "nothing"}])
    assert reason(ITEM, severe, filtered) is Reason.SEVERITY


def test_a_rule_has_what_its_hazard_has_unless_it_says_so() -> None:
    flood, own = rule(), rule(grouping={"distance_km": 5}, buffers={"point_m": 1})
    assert (flood.grouping.distance_km, flood.grouping.cap_km) == (60, 200)
    assert (own.grouping.distance_km, own.grouping.cap_km) == (5, 200)
    assert (own.buffers.point_m, own.buffers.footprint_m) == (1, 500)
    assert rule(hazard="landslide").severity == 3


def quake(magnitude: float, depth: float) -> bytes:
    return samples.usgs(samples.usgs_event(mag=magnitude, coordinates=[142.1, 38.2, depth]))


@pytest.mark.parametrize(
    ("payload", "feed", "taken"),
    [
        (samples.gdacs(samples.gdacs_event()), "gdacs", "flood"),
        (samples.gdacs(samples.gdacs_event(alertlevel="Green")), "gdacs", None),
        (samples.gdacs(samples.gdacs_event(eventtype="TC")), "gdacs", None),
        (samples.cap(), "cap", "flood"),
        (samples.cap(severity="Moderate"), "cap", None),
        (samples.ems(), "ems", "flood"),
        (samples.ems(category="Wildfire"), "ems", "fire-mapped"),
        (quake(5.6, 14), "usgs", "earthquake"),
        (quake(5.6, 16), "usgs", None),
        (quake(6.0, 40), "usgs", "earthquake"),
        (quake(6.9, 41), "usgs", None),
        (samples.usgs(samples.usgs_event(mag=None)), "usgs", None),
        (samples.firms(samples.firms_row(frp="10")), "firms", "fire"),
        (samples.firms(samples.firms_row(frp="9.9")), "firms", None),
        (samples.firms(samples.firms_row(confidence="l")), "firms", None),
        (samples.gfw((-3.2, 114.1, "2026-03-01", "high")), "gfw", "deforestation"),
        (samples.gfw((-3.2, 114.1, "2026-03-01", "nominal")), "gfw", None),
        (samples.eonet(), "eonet", "fire"),
        (samples.eonet(closed="2026-03-05T00:00:00Z"), "eonet", None),
        (samples.dumped(samples.event()), "geojson-event", "flood"),
    ],
)
def test_the_rules_that_come_along(payload: bytes, feed: str, taken: str | None) -> None:
    (item,) = read_items(FEEDS[feed], unwrap(payload, {}).document)
    assert isinstance(item, Item)
    found = judge(item, T0 + timedelta(days=1), RULES)
    assert (found.rule.name if found.rule else None) == taken, found


FEED = {
    "name": "mine",
    "items": "data",
    "id": "id",
    "time": {"form": "iso", "at": "time"},
    "place": [{"form": "geojson", "at": "geometry"}],
    "severity": {"at": "severity"},
}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": "Mine"}, "name"),
        ({"name": "unknown"}, ""),
        ({"items": "a["}, "items"),
        ({"id": "x" * 1_001}, "id"),
        ({"time": {"form": "moon", "at": "t"}}, "time.form"),
        ({"place": []}, "place"),
        ({"place": [{"form": "wkt"}]}, "place[0]"),
        ({"place": [{"form": "static", "at": "x"}]}, "place[0]"),
        ({"place": [{"form": "static", "geometry": {"type": "Point"}}]}, "place[0]"),
        ({"severity": {"at": "s", "words": {"x": 5}}}, "severity.words.x"),
        ({"match": [{}]}, "match[0]"),
        ({"match": [{"type": "*"}]}, "match[0]"),
        ({"fetch": {"url": "ftp://example.org"}}, "fetch.url"),
        ({"other": 1}, "other"),
    ],
)
def test_a_wrong_feed_is_told_by_its_field(changes: dict[str, Any], path: str) -> None:
    read_feed(FEED)
    with pytest.raises(InvalidRequest) as found:
        read_feed(FEED | changes)
    assert path in [fault.path for fault in found.value.faults]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"feeds": []}, "feeds"),
        ({"feeds": [{"feed": "mine", "filter": "]"}]}, "feeds[0].filter"),
        ({"severity": 5}, "severity"),
        ({"members": 0}, "members"),
        ({"windows": {"before": [1, 36]}}, "windows"),
        ({"windows": {"after": [14, 0]}}, "windows"),
        ({"grouping": {"distance": 5}}, "grouping.distance"),
        ({"grouping": {"distance_km": -5}}, "grouping.distance_km"),
        ({"hazard": 5}, "hazard"),
        ({"follow": "some"}, "follow"),
    ],
)
def test_a_wrong_rule_is_told_by_its_field(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRequest) as found:
        rule(**changes)
    assert any(fault.path.startswith(path) for fault in found.value.faults), found.value


@pytest.mark.parametrize(
    "changes",
    [
        {"hazard": None},
        {"ends_at": "2026-04-01T00:00:00"},
        {"ends_at": "soon"},
        {"reason": ""},
        {"area": {"type": "Point", "coordinates": [500, 0]}},
        {"until": "x"},
    ],
)
def test_a_wrong_silence_is_refused(changes: dict[str, Any]) -> None:
    right = {
        "name": "exercise",
        "hazard": "flood",
        "reason": "an exercise",
        "ends_at": "2026-04-01T00:00:00Z",
    }
    read_silence(right)
    with pytest.raises(InvalidRequest):
        read_silence({k: v for k, v in (right | changes).items() if v is not None})


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)
