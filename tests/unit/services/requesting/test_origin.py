"""What a request is of, by its id and labels: stored with it, so that it can be asked for."""

from dataclasses import replace

import pytest

from s1ratio.alerts.watch import watch_id
from s1ratio.regions.days import Days
from s1ratio.regions.names import request_id_of, revision_id_of
from s1ratio.request import Direction
from s1ratio.request.labels import label_text, split_label
from s1ratio.services.requesting.origin import Origin, find_origin
from tests.contract.records import NOW
from tests.support.simulated import World, message

REGION = request_id_of("alps-2", Days(NOW.date(), NOW.date()), {}, "")
WATCH = f"{watch_id('i-0123456789', 22, Direction.ASCENDING)}-2405060708-a"


@pytest.mark.parametrize(
    ("name", "labels", "origin"),
    [
        (REGION, {"region": "alps-2"}, Origin(region="alps-2")),
        (revision_id_of(REGION, 2), {"region": "alps-2"}, Origin(region="alps-2")),
        (WATCH, {"incident": "i-0123456789"}, Origin(incident="i-0123456789")),
        (f"{WATCH}-r2", {"incident": "i-0123456789"}, Origin(incident="i-0123456789")),
        # Labels are anybody's: alone they make nobody's request one of a region.
        ("mine", {"region": "alps-2", "incident": "i-0123456789"}, Origin()),
        (REGION, {}, Origin()),
        (REGION, {"region": "alps"}, Origin()),
        (REGION, {"region": ""}, Origin()),
        (WATCH, {"incident": "i-99"}, Origin()),
        (WATCH, {"incident": "0123456789"}, Origin()),
    ],
)
def test_a_request_is_of_what_both_its_id_and_its_labels_name(
    name: str, labels: dict[str, str], origin: Origin
) -> None:
    assert find_origin(name, labels) == origin


@pytest.mark.parametrize(("name", "value"), [("a", "b"), ("a=b", "c"), ("a", "b=c"), ("100%", "")])
def test_a_label_as_a_text_is_one_label(name: str, value: str) -> None:
    assert split_label(label_text(name, value)) == (name, value)


def test_texts_of_labels_don_t_collide() -> None:
    assert label_text("a=b", "c") != label_text("a", "b=c")
    assert label_text("owner", "ops") == "owner=ops"


def test_a_request_is_stored_with_what_it_is_of(world: World) -> None:
    labels = {"region": "alps-2", "owner": "ops"}
    world.launch(message(request_id=REGION, labels=labels))
    record = world.store.get_request(REGION)
    assert record is not None
    assert (record.region, record.incident) == ("alps-2", None)
    assert record.labels == ("owner=ops", "region=alps-2")


def test_a_request_without_labels_is_of_nothing(world: World) -> None:
    world.launch()
    assert world.request() == replace(world.request(), region=None, incident=None, labels=())
