"""The feeds that come along read their sources' true formats; a broken item is its own trouble."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from shapely import from_wkt

from s1ratio.alerts.feed import find_feed
from s1ratio.alerts.items import BrokenItem, Item, Status, read_items, revision_key
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.shipped import shipped_feeds
from s1ratio.alerts.unwrapping import unwrap
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0, dumped, event, feature

FEEDS = {feed.name: feed for feed in shipped_feeds()}


def read(feed: str, payload: bytes) -> Sequence[Item | BrokenItem]:
    return read_items(FEEDS[feed], unwrap(payload, {}).document)


def one(feed: str, payload: bytes) -> Item:
    (item,) = read(feed, payload)
    assert isinstance(item, Item), item
    return item


def test_firms_ids_are_made_after_decoding() -> None:
    """`7` and `0007` are one time, -7.9211 and -7.92110 one place."""
    rows = [samples.firms_row(clock=clock) for clock in ("7", "0007", "07")]
    rows.append(samples.firms_row(clock="7", lat="12.401"))
    found = read("firms", samples.firms(*rows))
    assert len({item.id for item in found}) == 1
    assert found[0].id == "N21/2026-03-04T00:07:00+00:00/POINT (104.91 12.401)"


@pytest.mark.parametrize(
    ("confidence", "severity"),
    [("l", 1), ("n", 2), ("h", 3), ("nominal", 2), ("27", 1), ("30", 2), ("80", 2), ("83", 3)],
)
def test_firms_confidence_is_a_word_or_a_number(confidence: str, severity: int) -> None:
    item = one("firms", samples.firms(samples.firms_row(confidence=confidence)))
    assert item.severity == severity
    assert item.time == datetime(2026, 3, 4, 5, 36, tzinfo=UTC)


def test_a_fire_as_a_cloudevent_is_the_same_alert() -> None:
    data = {
        "latitude": 12.401,
        "longitude": 104.91,
        "acq_date": "2026-03-04",
        "acq_time": "0536",
        "satellite": "N21",
        "confidence": "h",
        "frp": 22.5,
    }
    payload = dumped(event(data, "NASA.FIRMS.FireDetection"))
    assert one("firms", payload).id == one("firms", samples.firms(samples.firms_row())).id


@pytest.mark.parametrize(("word", "severity"), [("nominal", 1), ("high", 3), ("highest", 4)])
def test_gfw_s_words(word: str, severity: int) -> None:
    item = one("gfw", samples.gfw((-3.2, 114.1, "2026-03-01", word)))
    assert (item.severity, item.time) == (severity, datetime(2026, 3, 1, tzinfo=UTC))


def test_gfw_s_confidence_is_no_part_of_the_id() -> None:
    ids = {
        one("gfw", samples.gfw((-3.2, 114.1, "2026-03-01", word))).id
        for word in ("nominal", "high", "highest")
    }
    assert len(ids) == 1


def test_gdacs() -> None:
    item = one("gdacs", samples.gdacs(samples.gdacs_event()))
    assert (item.id, item.severity, item.label) == ("FL/1200345", 3, "FL")
    assert item.aliases == ("FL-2026-000012-KHM", "FL1200345")
    assert item.time == T0  # no zone: UTC
    assert not item.footprint


@pytest.mark.parametrize("glide", ["", "0", None])
def test_a_glide_that_is_none_is_no_alias(glide: str | None) -> None:
    item = one("gdacs", samples.gdacs(samples.gdacs_event(glide=glide)))
    assert item.aliases == ("FL1200345",)


def test_gdacs_sourceid_is_the_usgs_id() -> None:
    quake = samples.gdacs_event(
        eventtype="EQ", sourceid="us6000abcd", severitydata={"severity": 6.4}
    )
    item, other = (
        one("gdacs", samples.gdacs(quake)),
        one("usgs", samples.usgs(samples.usgs_event())),
    )
    assert other.id in item.aliases
    assert (item.magnitude, other.magnitude) == (6.4, 6.4)


def test_cap_is_read_from_its_first_info() -> None:
    item = one("cap", samples.cap())
    assert (item.id, item.severity, item.label) == (samples.cap_id(), 3, "River flood")
    assert item.time == datetime(2026, 3, 4, 7, tzinfo=UTC)  # its onset
    assert item.place is not None
    assert from_wkt(item.place).bounds == (104.6, 11.4, 105.2, 11.9)


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        ("Actual", "Alert", Status.ALERT),
        ("Actual", "Update", Status.ALERT),
        ("Actual", "Cancel", Status.CANCEL),
        ("Actual", "Ack", Status.IGNORE),
        ("Exercise", "Alert", Status.IGNORE),
        ("Test", "Cancel", Status.IGNORE),
    ],
)
def test_cap_s_status_and_kind(status: str, kind: str, expected: Status) -> None:
    assert one("cap", samples.cap(status=status, kind=kind)).status is expected


def test_cap_s_references_are_what_it_supersedes() -> None:
    about = f"{samples.cap_id('A')} {samples.cap_id('B')}"
    item = one("cap", samples.cap("C", "Update", about))
    assert item.supersedes == (samples.cap_id("A"), samples.cap_id("B"))


def test_a_warning_by_geocode_alone_has_no_place() -> None:
    coded = "<geocode><valueName>UGC</valueName><value>X1</value></geocode>"
    assert one("cap", samples.cap(area=coded)).place is None


def test_usgs() -> None:
    item = one("usgs", samples.usgs(samples.usgs_event()))
    assert (item.id, item.severity, item.place) == ("us6000abcd", 3, "POINT (142.1 38.2)")
    assert item.aliases == ("us6000abcd", "at00pqrs12")
    assert item.time == datetime(2026, 3, 4, 6, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Status.ALERT),
        ({"status": "reviewed"}, Status.ALERT),
        ({"status": "deleted"}, Status.CANCEL),
        ({"type": "quarry blast"}, Status.IGNORE),
        ({"type": "explosion", "status": "deleted"}, Status.IGNORE),
    ],
)
def test_usgs_status(changes: dict[str, Any], expected: Status) -> None:
    assert one("usgs", samples.usgs(samples.usgs_event(**changes))).status is expected


def test_ems_is_one_item_an_activation_with_the_union_of_its_areas() -> None:
    item = one("ems", samples.ems())
    assert (item.id, item.aliases, item.severity) == ("EMSR955", ("FL1200345",), 3)
    assert item.place is not None
    assert from_wkt(item.place).geom_type == "MultiPolygon"
    assert from_wkt(item.place).bounds == (104.8, 11.5, 105.2, 11.7)


def test_ems_without_areas_yet_has_its_extent() -> None:
    item = one("ems", samples.ems(aois=[]))
    assert item.place is not None
    assert from_wkt(item.place).bounds == (104, 11, 106, 12)


def test_eonet_s_last_place_counts_and_its_revision_is_that_date_and_closed() -> None:
    item = one("eonet", samples.eonet())
    assert (item.place, item.time) == ("POINT (-115.7 40.9)", T0)
    closed = one("eonet", samples.eonet(closed="2026-03-09T00:00:00Z"))
    assert revision_key(closed.revision) > revision_key(item.revision)


@pytest.mark.parametrize("title", ["Rx Burn 5 Wildfire", "Big Creek Prescribed Fire, Oregon"])
def test_a_fire_that_was_lit_on_purpose_is_none(title: str) -> None:
    assert one("eonet", samples.eonet(title=title)).status is Status.IGNORE


def test_a_feature_in_a_cloudevent() -> None:
    item = one("geojson-event", dumped(event()))
    assert (item.id, item.severity, item.label) == (
        "//monitor.example.org/water#OWN-77",
        3,
        "flood",
    )
    assert item.footprint
    assert item.time == T0


def test_several_features_have_each_their_own_trouble() -> None:
    broken = [
        samples.gdacs_event(eventid=1, fromdate="soon"),
        samples.gdacs_event(eventid=2, geometry={"type": "Point", "coordinates": [500, 0]}),
        samples.gdacs_event(eventid=3, eventtype=None),
        samples.gdacs_event(eventid=4),
        samples.gdacs_event(eventid=5, geometry=None),
    ]
    found = read("gdacs", samples.gdacs(*broken))
    told = [item.reason if isinstance(item, BrokenItem) else item.id for item in found]
    assert told == [
        Reason.BROKEN_TIME,
        Reason.BROKEN_PLACE,
        Reason.BROKEN_ID,
        "FL/4",
        "FL/5",
    ]
    assert [item.id for item in found if isinstance(item, BrokenItem)] == ["FL/1", "FL/2", None]


@pytest.mark.parametrize(
    ("feed", "payload"),
    [
        ("firms", b"Invalid MAP_KEY."),
        ("firms", b""),
        ("gdacs", b"<html>busy</html>"),
        ("usgs", b"gone"),
        ("cap", b"{}"),
        ("gfw", b'{"data": "none"}'),
        ("ems", b"[]"),
    ],
)
def test_another_document_has_no_alerts(feed: str, payload: bytes) -> None:
    found: Sequence[Item | BrokenItem] = []
    with suppress(ValueError):
        found = read(feed, payload)
    assert all(isinstance(item, BrokenItem) for item in found)


@pytest.mark.parametrize(
    ("attribute", "source", "kind", "expected"),
    [
        ("usgs", None, None, "usgs"),
        ("usgs", "s", "GDACS.DisasterAlert", "usgs"),
        ("nobody", "s", "GDACS.DisasterAlert", None),
        (None, "s", "GDACS.DisasterAlert", "gdacs"),
        (None, "s", "USGS.Earthquakes.Event", "usgs"),
        (None, "//monitor", "org.example.alert.v1", "geojson-event"),
        (None, "s", "gdacs.disasteralert", None),
        (None, "s", "NASA.FIRMS.FireDetection.v2", None),
        (None, None, None, None),
    ],
)
def test_a_message_s_feed(
    attribute: str | None, source: str | None, kind: str | None, expected: str | None
) -> None:
    found = find_feed(FEEDS.values(), attribute, source, kind)
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("[1]", "[2]"),
        ("[9]", "[10]"),
        ('["2026-03-04"]', '["2026-03-05"]'),
        (None, "[1]"),
        ("[3, null]", '[3, "2026"]'),
        ("[2, 5]", "[3, 1]"),
    ],
)
def test_revisions_have_an_order(older: str | None, newer: str) -> None:
    assert revision_key(older) < revision_key(newer)


def test_an_item_that_could_not_be_kept_is_broken() -> None:
    (item,) = read("gdacs", samples.gdacs(samples.gdacs_event(description="x" * 400_000)))
    assert isinstance(item, BrokenItem)
    assert (item.id, item.reason) == ("FL/1200345", Reason.TOO_LARGE)
    assert len(item.raw) <= 2_000


def test_a_cloudevent_s_own_feature_id_counts() -> None:
    own = one("geojson-event", dumped(event(feature(id=7))))
    assert own.id.endswith("#7")
