"""GDACS's RSS, the US weather service and the webhooks of Global Forest Watch, as they come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from shapely import from_wkt

from s1ratio.alerts.items import Item, Status, read_items, revision_key
from s1ratio.alerts.judging import judge
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.shipped import shipped_rules
from s1ratio.alerts.unwrapping import unwrap
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0
from tests.unit.alerts.test_shipped_feeds import FEEDS, one, read

RULES = shipped_rules()


def verdict(item: Item) -> tuple[str | None, Reason | None]:
    found = judge(item, T0 + timedelta(days=2), RULES)
    return found.rule.name if found.rule else None, found.reason


@pytest.mark.parametrize("count", [1, 3])
def test_gdacs_rss_has_one_item_or_several(count: int) -> None:
    found = read("gdacs-rss", samples.gdacs_rss(*({"eventid": f"{n}"} for n in range(count))))
    assert [item.id for item in found] == [f"FL/{n}" for n in range(count)]


def test_gdacs_rss_tells_what_its_events_tell() -> None:
    item = one("gdacs-rss", samples.gdacs_rss())
    other = one("gdacs", samples.gdacs(samples.gdacs_event()))
    assert (item.id, item.time, item.severity, item.label) == (other.id, T0, 3, "FL")
    assert set(item.aliases) == set(other.aliases)
    assert item.place == "POINT (104.9 11.6)"
    assert item.status is Status.ALERT
    assert verdict(item)[0] == "flood"


@pytest.mark.parametrize(
    "text",
    ["Wed, 04 Mar 2026 06:00:00 GMT", "2026-03-04T06:00:00Z", "Wed, 04 Mar 2026 07:00:00 +0100"],
)
def test_gdacs_rss_times_are_of_either_kind(text: str) -> None:
    assert one("gdacs-rss", samples.gdacs_rss({"fromdate": text})).time == T0


def test_gdacs_rss_episodes_are_numbers() -> None:
    later = one("gdacs-rss", samples.gdacs_rss({"episodeid": "10"}))
    earlier = one("gdacs-rss", samples.gdacs_rss({"episodeid": "9"}))
    assert revision_key(later.revision) > revision_key(earlier.revision)


@pytest.mark.parametrize(("kind", "magnitude"), [("EQ", 6.4), ("FL", None)])
def test_gdacs_rss_magnitude_is_an_earthquakes(kind: str, magnitude: float | None) -> None:
    assert one("gdacs-rss", samples.gdacs_rss({"eventtype": kind})).magnitude == magnitude


def test_nws() -> None:
    item = one("nws", samples.nws(samples.nws_alert()))
    assert (item.id, item.severity) == ("urn:oid:2.49.0.1.840.0.b65f.001.1", 3)
    assert item.time == datetime(2026, 3, 4, 7, tzinfo=UTC)  # its onset, six hours behind UTC
    assert item.place is not None
    assert from_wkt(item.place).bounds == (-95.2, 32.0, -94.8, 32.4)
    assert not item.footprint
    assert verdict(item)[0] == "flood"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"messageType": "Update"}, Status.ALERT),
        ({"messageType": "Cancel"}, Status.CANCEL),
        ({"status": "Test"}, Status.IGNORE),
        ({"status": "Exercise", "messageType": "Cancel"}, Status.IGNORE),
    ],
)
def test_nws_status_and_kind(changes: dict[str, str], expected: Status) -> None:
    assert one("nws", samples.nws(samples.nws_alert(**changes))).status is expected


def test_nws_references_are_what_it_supersedes() -> None:
    about = [{"@id": "https://api.weather.gov/alerts/a", "identifier": "a", "sender": "s"}]
    assert one("nws", samples.nws(samples.nws_alert(references=about))).supersedes == ("a",)


def test_nws_alerts_of_zones_have_no_place() -> None:
    item = one("nws", samples.nws(samples.nws_alert(None, onset=None)))
    assert item.place is None
    assert item.time == datetime(2026, 3, 4, 6, tzinfo=UTC)  # since it is in effect
    assert verdict(item) == (None, Reason.NO_PLACE)


def test_nws_alone_is_one_alert_too() -> None:
    assert one("nws", samples.dumped(samples.nws_alert())).label == "Flash Flood Warning"


def webhook(attributes: dict[str, str] | None = None, **changes: Any) -> Item:
    document = unwrap(samples.gfw_webhook(**changes), attributes or {}).document
    (item,) = read_items(FEEDS["gfw-webhook"], document)
    assert isinstance(item, Item), item
    return item


def test_gfw_s_webhook_has_no_place_but_what_is_added() -> None:
    item = webhook()
    assert (item.id, item.severity) == ("glad-all/a block/2026-02-25/2026-03-04", 3)
    assert item.time == datetime(2026, 3, 4, tzinfo=UTC)
    assert verdict(item) == (None, Reason.NO_PLACE)
    square = "POLYGON ((-75 -8, -74.9 -8, -74.9 -7.9, -75 -8))"
    assert webhook({"area": square}).place == square
    point = {"type": "Point", "coordinates": [-75.0, -8.0]}
    assert webhook(geometry=point).place == "POINT (-75 -8)"
    assert verdict(webhook({"area": square})) == ("deforestation-counted", None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"value": 24}, Reason.SEVERITY), ({"layerSlug": "viirs-active-fires"}, Reason.FILTER)],
)
def test_few_clearings_and_fires_are_no_clearings(changes: dict[str, Any], reason: Reason) -> None:
    assert verdict(webhook({"area": "POINT (-75 -8)"}, **changes)) == (None, reason)


def test_the_link_that_ends_a_subscription_is_not_kept_with_the_alert() -> None:
    assert "unsubscribe" not in webhook().raw


def test_more_of_a_week_is_a_revision_of_it() -> None:
    first, second = webhook(value=9), webhook(value=10)
    assert first.id == second.id
    assert revision_key(second.revision) > revision_key(first.revision)
