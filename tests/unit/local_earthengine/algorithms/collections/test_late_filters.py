"""Filters by place and time find synthetic scenes wherever they stand in a chain.

What a chain gives is compared with the same operations after the two filters, which the catalogue
has always understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.catalog import Bounds
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, World

S1 = "COPERNICUS/S1_GRD"
START, END = "2020-06-01", "2020-07-10"
Step = Callable[[Any], Any]


def place() -> Any:
    return ee.Geometry.Rectangle([15.0, 48.0, 15.1, 48.1], None, False)


def compute(value: Any) -> Any:
    return Engine(SyntheticCatalog()).compute(ee_offline.expression(value))


def by_place(images: Any) -> Any:
    return images.filterBounds(place())


def by_time(images: Any) -> Any:
    return images.filterDate(START, END)


def dual(images: Any) -> Any:
    return images.filter(ee.Filter.listContains("transmitterReceiverPolarisation", "VH"))


def vv(images: Any) -> Any:
    return images.select("VV")


def every_band(images: Any) -> Any:
    return images.select(".*")


def latest_first(images: Any) -> Any:
    return images.sort("system:time_start", False)


def by_orbit(images: Any) -> Any:
    return images.sort("relativeOrbitNumber_start")


def ascending(images: Any) -> Any:
    return images.filter(ee.Filter.eq("orbitProperties_pass", "ASCENDING"))


def marked(images: Any) -> Any:
    return images.map(lambda image: image.set("mark", image.get("orbitNumber_start")))


def masked(images: Any) -> Any:
    return images.map(lambda image: image.updateMask(image.select("angle").gt(31)))


def ratio(images: Any) -> Any:
    def change(image: Any) -> Any:
        bands = image.select("VV").divide(image.select("VH")).rename("ratio")
        return image.addBands(bands).select("ratio")

    return images.map(change)


def copied(images: Any) -> Any:
    return images.map(
        lambda image: ee.Image(
            image.select(0).multiply(2).copyProperties(image, image.propertyNames())
        )
    )


def random(images: Any) -> Any:
    return ee.ImageCollection(images.randomColumn())


def few_dropped(images: Any) -> Any:
    def change(image: Any) -> Any:
        return ee.Algorithms.If(ee.String(image.get("platform_number")).equals("A"), image, None)

    return images.map(change, True)


CHAINS: list[Sequence[Step]] = [
    [every_band],
    [latest_first],
    [marked],
    [dual, vv],
    [dual, ratio],
    [masked, ascending],
    [by_orbit, marked, every_band],
    [ascending, latest_first, masked, marked, dual],
    [random],
    [few_dropped],
    [dual, copied],
    [marked, marked, latest_first, every_band],
]


@pytest.mark.parametrize("last", [[by_place, by_time], [by_time, by_place]])
@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: "-".join(s.__name__ for s in chain))
def test_filters_at_the_end_give_what_they_give_at_the_start(
    chain: Sequence[Step], last: Sequence[Step]
) -> None:
    late, early = ee.ImageCollection(S1), by_time(by_place(ee.ImageCollection(S1)))
    for step in chain:
        late, early = step(late), step(early)
    for step in last:
        late = step(late)

    def asked(images: Any) -> Any:
        names = ["system:index", "mark", "random"]
        bands = images.map(lambda image: image.set("bands", image.bandNames()))
        return [images.aggregate_array(name) for name in names], bands.aggregate_array("bands")

    found, expected = (compute(ee.List(list(asked(images)))) for images in (late, early))
    assert found == expected
    assert len(found[0][0]) > 3


@pytest.mark.parametrize(
    "chain",
    [
        [by_place, marked, by_time],
        [by_time, every_band, by_place],
        [by_place, latest_first, by_time],
        [dual, by_time, vv, latest_first, by_place, ascending],
    ],
    ids=lambda chain: "-".join(s.__name__ for s in chain),
)
def test_one_filter_may_stand_before_and_one_after(chain: Sequence[Step]) -> None:
    late, early = ee.ImageCollection(S1), by_time(by_place(ee.ImageCollection(S1)))
    for step in chain:
        late = step(late)
        early = early if step in {by_place, by_time} else step(early)
    found, expected = (compute(one.aggregate_array("system:index")) for one in (late, early))
    assert found == expected
    assert found


@pytest.mark.parametrize(
    "condition",
    [
        lambda: ee.Filter.And(ee.Filter.date(START, END), ee.Filter.bounds(place())),
        lambda: ee.Filter.And(
            ee.Filter.intersects(".geo", place()), ee.Filter.date(ee.DateRange(START, END))
        ),
        lambda: ee.Filter.And(
            ee.Filter.eq("platform_number", "A").Not().Not(),
            ee.Filter.And(ee.Filter.date(START, END), ee.Filter.bounds(place().buffer(1))),
        ),
    ],
)
def test_place_and_time_may_be_asked_in_other_words(condition: Any) -> None:
    late = marked(ee.ImageCollection(S1)).filter(condition())
    early = by_time(by_place(ee.ImageCollection(S1))).filter(condition())
    found, expected = (compute(one.aggregate_array("system:index")) for one in (late, early))
    assert found == expected
    assert found


def test_collections_that_were_merged_are_filtered_as_one() -> None:
    def both(images: Any) -> Any:
        up = images.filter(ee.Filter.eq("orbitProperties_pass", "ASCENDING"))
        down = images.filter(ee.Filter.eq("orbitProperties_pass", "DESCENDING"))
        return up.select(0).merge(down.select(0))

    late = by_time(by_place(both(ee.ImageCollection(S1))))
    early = both(by_time(by_place(ee.ImageCollection(S1))))
    found, expected = (compute(one.aggregate_array("system:index")) for one in (late, early))
    assert found == expected
    assert {name[:2] for name in found} == {"1_", "2_"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda image: image.set("system:time_start", 0), "changes the system:time_start of"),
        (lambda image: image.set("system:time_start", None), "changes the system:time_start of"),
        (
            lambda image: image.set("system:time_start", image.date().advance(40, "day").millis()),
            "changes the system:time_start of",
        ),
        (lambda image: image.clip(ee.Geometry.Point([15, 48]).buffer(5e3)), "changes the foot"),
        (lambda image: image.clip(ee.Geometry.Rectangle([0, 0, 50, 50])), "changes the footprint"),
    ],
)
def test_a_map_that_moves_scenes_is_refused_before_the_filters(change: Any, words: str) -> None:
    images = ee.ImageCollection(S1).map(change)
    with pytest.raises(EarthEngineError, match=words) as refusal:
        compute(by_time(by_place(images)).size())
    assert refusal.value.status == 400
    assert compute(by_time(by_place(ee.ImageCollection(S1))).map(change).size()) > 3


@pytest.mark.parametrize(
    "images",
    [
        lambda: marked(ee.ImageCollection(S1)),
        lambda: by_time(latest_first(ee.ImageCollection(S1))),
        lambda: by_time(by_place(ee.ImageCollection(S1).limit(5))),
        lambda: by_time(by_place(marked(ee.ImageCollection(S1)).distinct("orbitNumber_start"))),
        lambda: by_time(ee.ImageCollection(S1)).filter(
            ee.Filter.Or(ee.Filter.bounds(place()), ee.Filter.eq("platform_number", "A"))
        ),
    ],
)
def test_without_a_place_the_error_says_what_is_missing(images: Any) -> None:
    with pytest.raises(EarthEngineError, match=r"is endless: .*\(filterBounds, filterDate\)"):
        compute(images().size())


ARCHIVE_END = datetime(2015, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("images", "first", "last"),
    [
        (by_place, "2014-10-03", "2015-03-01"),
        (lambda images: by_place(every_band(images)), "2014-10-03", "2015-03-01"),
        (lambda images: marked(by_place(images)), "2014-10-03", "2015-03-01"),
        (lambda images: by_place(latest_first(images)), "2014-10-03", "2015-03-01"),
        (
            lambda images: by_place(images).filter(ee.Filter.gte("system:time_start", 0)),
            "2014-10-03",
            "2015-03-01",
        ),
        (
            lambda images: by_place(images).filter(
                ee.Filter.gte("system:time_start", ee.Date("2015-01-20").millis())
            ),
            "2015-01-20",
            "2015-03-01",
        ),
        (
            lambda images: marked(by_place(images)).filter(
                ee.Filter.lt("system:time_start", ee.Date("2014-12-24").millis())
            ),
            "2014-10-03",
            "2014-12-24",
        ),
    ],
)
def test_a_place_alone_is_the_archive_up_to_now(images: Step, first: str, last: str) -> None:
    asked = Engine(SyntheticCatalog(clock=lambda: ARCHIVE_END))
    index = images(ee.ImageCollection(S1)).sort("system:time_start").aggregate_array("system:index")
    dated = by_place(ee.ImageCollection(S1)).filterDate(first, last)

    found = asked.compute(ee_offline.expression(index))

    assert found == compute(dated.aggregate_array("system:index"))
    assert len(found) > 5


def test_a_refusal_stays_one_however_often_it_is_asked() -> None:
    endless = marked(ee.ImageCollection(S1))
    with pytest.raises(EarthEngineError, match="is endless"):
        compute(ee.List([endless.size(), endless.size()]))


def test_a_map_may_move_what_a_catalogue_can_list_whole() -> None:
    world = World()
    values = np.ones((2, 2), np.float32), np.ones((2, 2), np.bool_)
    for _ in range(3):
        world.add({"a": values})
    images = ee.ImageCollection(NAME).map(lambda image: image.set("system:time_start", 86_400_000))

    moved = images.filterDate("1970-01-02", "1970-01-03")
    assert world.compute(ee.List([moved.size(), images.filterDate("1980").size()])) == [3, 0]
    assert world.hints == [(None, None, None)], "it is asked once, and for all"


class Remembering(SyntheticCatalog):
    """Remembers the hints that it was asked with."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Bounds | None, datetime | None, datetime | None]] = []

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        self.asked.append((bounds, start, end))
        return super().collection(asset_id, bounds=bounds, start=start, end=end)


def test_filters_before_the_map_are_all_that_the_catalogue_needs() -> None:
    catalog = Remembering()
    images = marked(by_time(by_place(ee.ImageCollection(S1)))).filterDate("2020-06-20", END)
    assert Engine(catalog).compute(ee_offline.expression(images.size())) > 0
    ((bounds, start, end),) = catalog.asked
    assert bounds == (15.0, 48.0, 15.1, 48.1)
    assert (str(start)[:10], str(end)[:10]) == (START, END)
