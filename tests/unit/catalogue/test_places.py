"""Where items lie: on the Earth, in collections, and beside each other."""

from contextlib import suppress
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from s1ratio.aoi import Aoi
from s1ratio.catalogue.footprint import MAX_VERTICES, bbox_of, footprint_of, united
from s1ratio.catalogue.placing import place_item, relative
from s1ratio.plan import PlanLimits
from tests.unit.catalogue.composites import facts


def footprint(**fields: Any) -> tuple[dict[str, Any], tuple[float, ...]]:
    one = facts(**fields)
    return footprint_of(one.task.plan.grid, one.request.aoi, clip=one.request.clip)


@pytest.mark.parametrize("crs", ["utm", "EPSG:32760"])
def test_an_area_across_180_is_two_polygons_and_its_box_begins_in_the_east(crs: str) -> None:
    geometry, box = footprint(
        aoi={"bbox": [179.98, -17.0, -179.98, -16.98]}, grid={"crs": crs, "scale": 50}
    )
    assert geometry["type"] == "MultiPolygon"
    sides = sorted(part.bounds for part in shape(geometry).geoms)
    assert [round(side[0], 2) for side in sides] == [-180.0, 179.98]
    assert [round(side[2], 2) for side in sides] == [-179.98, 180.0]
    assert box == (179.98, -17.0, -179.98, -16.98)
    rings = [part.exterior for part in shape(geometry).geoms]
    assert all(ring.is_ccw for ring in rings)


def test_each_grid_in_degrees_has_its_own_side_of_180() -> None:
    fields: dict[str, Any] = {
        "aoi": {"bbox": [179.98, -17.0, -179.98, -16.98]},
        "grid": {"crs": "EPSG:4326", "scale": 50},
    }
    east, west = footprint(**fields)[1], footprint(**fields, tile=1)[1]
    assert {east, west} == {(179.98, -17.0, 180.0, -16.98), (-180.0, -17.0, -179.98, -16.98)}


def test_a_tile_has_its_part_of_the_area() -> None:
    fields: dict[str, Any] = {
        "aoi": {"bbox": [14, 48, 15, 49]},
        "limits": PlanLimits(1000, 100_000),
    }
    whole = shape(footprint(aoi=fields["aoi"])[0])
    parts: list[Any] = []
    with suppress(IndexError):
        while True:
            parts.append(shape(footprint(**fields, tile=len(parts))[0]))
    assert len(parts) > 20
    together = shapely.union_all(parts)
    assert shapely.area(shapely.difference(whole, together)) < 1e-3 * whole.area
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-2)


def test_an_area_round_a_pole_reaches_it() -> None:
    ring = [[-180, 85], [180, 85], [180, 90], [-180, 90], [-180, 85]]
    aoi = {"type": "Polygon", "coordinates": [ring]}
    geometry, box = footprint(
        aoi=aoi, grid={"crs": "EPSG:3413", "scale": 5000}, speckle={"filter": "none"}
    )
    assert (box[0], box[2], box[3]) == (-180.0, 180.0, 90.0)
    assert box[1] == pytest.approx(85, abs=0.1)
    assert shape(geometry).area == pytest.approx(360 * 5, rel=0.02)


def test_without_clipping_the_whole_grid_is_the_place() -> None:
    ring = [[14.6, 48.0], [14.64, 48.0], [14.6, 48.03], [14.6, 48.0]]
    aoi = {"type": "Polygon", "coordinates": [ring]}
    clipped, whole = footprint(aoi=aoi)[0], footprint(aoi=aoi, clip=False)[0]
    assert shape(whole).area > 1.9 * shape(clipped).area


def test_an_outline_of_thousands_of_vertices_is_a_place_of_hundreds() -> None:
    circle = shapely.Point(14.6, 48).buffer(0.2, quad_segs=1500)
    aoi = {"type": "Polygon", "coordinates": [[list(each) for each in circle.exterior.coords]]}
    geometry, _ = footprint(aoi=aoi)
    found = shape(geometry)
    assert shapely.get_num_coordinates(found) <= MAX_VERTICES
    assert shapely.area(shapely.symmetric_difference(found, circle)) < 0.01 * circle.area


def test_boxes_are_united_across_180_the_short_way() -> None:
    fiji, samoa, tonga = (
        (177.0, -19.0, 179.0, -16.0),
        (-173.0, -14.1, -171.0, -13.0),
        (*(179.5, -22.0, -174.0, -15.0),),
    )
    assert united(fiji, samoa) == (177.0, -19.0, -171.0, -13.0)
    assert united(samoa, fiji) == (177.0, -19.0, -171.0, -13.0)
    assert united(fiji, tonga) == (177.0, -22.0, -174.0, -15.0)
    assert united(tonga, tonga) == tonga
    assert united((10, 0, 20, 5), (30, -5, 40, 1)) == (10, -5, 40, 5)
    assert united((-180, 0, 180, 5), tonga) == (-180, -22, 180, 5)
    assert united((-10, 0, 10, 1), (170, 0, -170, 1))[1] == 0


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((170, 0, 180, 1), (170, 0, 180, 1)),
        ((-180, 0, -170, 1), (-180, 0, -170, 1)),
        ((170, 0, 190, 1), (170, 0, -170, 1)),
        ((-190, 0, -170, 1), (170, 0, -170, 1)),
        ((-180, -90, 180, 90), (-180, -90, 180, 90)),
    ],
)
def test_the_box_of_an_area(bounds: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert bbox_of(Aoi(shapely.box(*bounds))) == expected


@pytest.mark.parametrize(
    ("request_id", "labels", "collection"),
    [
        ("mine", {}, "product-vvvh_db"),
        ("r-danube-240501-240520-ab12", {"region": "danube"}, "region-danube"),
        ("w-0a1b2c3d4e-131a-2405011200-a", {"incident": "i-0a1b2c3d4e"}, "incident-i-0a1b2c3d4e"),
        ("mine", {"region": "danube"}, "product-vvvh_db"),
        ("mine", {"incident": "i-0a1b2c3d4e"}, "product-vvvh_db"),
        ("r-../../x-1", {"region": "../../x"}, "product-vvvh_db"),
        ("r-0123456789abcdef01234567", {"region": ""}, "product-vvvh_db"),
    ],
)
def test_collections(request_id: str, labels: dict[str, str], collection: str) -> None:
    place = place_item(f"{request_id}-o131a", request_id, labels, "vvvh_db", 2024)
    assert place.collection == collection
    assert place.item == f"stac/{collection}/2024/{request_id}-o131a.json"


def test_only_revisions_of_the_same_composite_are_in_its_chain() -> None:
    place = place_item("r-d-1-2-ab-r2-o131a", "r-d-1-2-ab-r2", {"region": "d"}, "vvvh_db", 2024)
    folder = "stac/region-d/2024/r-d-1-2-ab"
    names = ["-o131a", "-r3-o131a", "-r2-o131a", "-o058d", "-o131a-q0", "c-o131a", "-rx-o131a"]
    found = {name: place.revision_in(f"{folder}{name}.json") for name in names}
    assert {k: v for k, v in found.items() if v} == {"-o131a": 1, "-r3-o131a": 3, "-r2-o131a": 2}
    assert place.revision_in(f"{folder}-o131a.png") is None
    lone = place_item("mine-r2-o131a", "mine-r2", {}, "vvvh_db", 2024)
    assert (lone.base, lone.revision, lone.is_revised) == ("mine-r2", 1, False)


def test_relative_links() -> None:
    assert relative("a/b/c.tif", "a/b/d.json") == "./c.tif"
    assert relative("a/c.tif", "a/b/d.json") == "../c.tif"
    assert relative("x/c.tif", "stac/p/2024/d.json") == "../../../x/c.tif"
    assert relative("stac/catalog.json", "stac/catalog.json") == "./catalog.json"
