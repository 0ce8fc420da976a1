"""Which scenes a request takes: each of its fields is one filter, said once."""

from dataclasses import replace

import pytest

from s1ratio.imagery import collection
from s1ratio.request import Direction
from tests.support.tasks import PLAN
from tests.unit.imagery.graphs import calls
from tests.unit.imagery.messages import request_of


def _pass(**fields):
    return collection.of_pass(
        request_of(**fields), replace(PLAN, orbit=131, direction=Direction.DESCENDING)
    )


def _equals(expression):
    return {call["leftField"]: call["rightValue"] for call in calls(expression, "Filter.equals")}


@pytest.mark.parametrize("name", ["COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"])
def test_collection_is_the_one_asked_for(name):
    assert calls(_pass(collection=name), "ImageCollection.load") == [{"id": name}]


def test_a_pass_is_its_mode_orbit_and_direction():
    assert _equals(_pass()) == {
        "instrumentMode": "IW",
        "relativeOrbitNumber_start": 131,
        "orbitProperties_pass": "DESCENDING",
    }


def test_both_polarisations_are_demanded():
    wanted = calls(_pass(), "Filter.listContains")
    assert [call["leftField"] for call in wanted] == ["transmitterReceiverPolarisation"] * 2
    assert [call["rightValue"] for call in wanted] == ["VV", "VH"]


def test_period_is_days_in_utc_with_an_exclusive_end():
    (period,) = calls(_pass(start="2020-01-31", end="2020-03-01"), "Filter.dateRangeContains")
    assert period["leftValue"] == ("DateRange", {"start": "2020-01-31", "end": "2020-03-01"})
    assert period["rightField"] == "system:time_start"


def _platforms(expression):
    # The client asks whether a list on the left contains the property on the right.
    wanted = calls(expression, "Filter.listContains")
    return [call["leftValue"] for call in wanted if call.get("rightField") == "platform_number"]


def test_all_four_platforms_need_no_filter():
    assert _platforms(_pass()) == _platforms(_pass(platforms=["D", "B", "A", "C"])) == []


def test_some_platforms_are_a_list_in_one_filter():
    assert _platforms(_pass(platforms=["C", "A"])) == [["A", "C"]]


def test_the_area_is_planar_and_even_odd_and_said_so():
    (area,) = calls(_pass(), "GeometryConstructors.MultiPolygon")
    assert area["geodesic"] is False
    assert area["evenOdd"] is True
    (polygon,) = area["coordinates"]
    assert sorted(map(tuple, polygon[0]))[0] == (14, -20)


def test_an_area_across_the_antimeridian_has_a_part_on_each_side():
    (area,) = calls(_pass(aoi={"bbox": [179, -18, -178, -17]}), "GeometryConstructors.MultiPolygon")
    longitudes = sorted({x for polygon in area["coordinates"] for x, _ in polygon[0]})
    assert longitudes == [-180, -178, 179, 180]


def test_all_passes_of_both_directions_need_no_filter_of_direction():
    assert _equals(collection.of_request(request_of())) == {"instrumentMode": "IW"}


def test_all_passes_of_one_direction_are_filtered_by_it():
    scenes = collection.of_request(request_of(direction="ASCENDING"))
    assert _equals(scenes).items() >= {("orbitProperties_pass", "ASCENDING")}


_TRIANGLE = {"type": "Polygon", "coordinates": [[[14, -20], [15, -20], [14, -19], [14, -20]]]}
_LONLAT = {"crs": "EPSG:4326", "scale": 10}


def _outline(expression):
    (area,) = calls(expression, "GeometryConstructors.MultiPolygon")
    ((ring,),) = area["coordinates"]
    return ring


def test_what_is_clipped_takes_the_scenes_of_its_area():
    assert len(_outline(_pass(aoi=_TRIANGLE, grid=_LONLAT))) in {3, 4}


def test_what_is_not_clipped_takes_the_scenes_of_the_box_that_is_exported():
    ring = _outline(_pass(aoi=_TRIANGLE, grid=_LONLAT, clip=False))
    assert {(round(x, 3), round(y, 3)) for x, y in ring} == {
        (14, -20),
        (15, -20),
        (15, -19),
        (14, -19),
    }


def test_the_notebook_takes_the_scenes_of_its_area_though_it_exports_the_box():
    notebook = _pass(aoi=_TRIANGLE, preset="notebook")
    assert _outline(notebook) == _outline(_pass(aoi=_TRIANGLE))


def test_orbits_are_those_of_the_area_clipped_or_not():
    scenes = collection.of_request(request_of(aoi=_TRIANGLE, clip=False))
    assert _outline(scenes) == _outline(_pass(aoi=_TRIANGLE))


def _dates(**fields):
    (period,) = calls(collection.of_request(request_of(**fields)), "DateRange")
    return period["start"], period["end"]


def test_days_are_asked_for_as_days_and_times_by_the_second():
    assert _dates(start="2018-10-01", end="2022-03-26") == ("2018-10-01", "2022-03-26")
    times = {"start": "2026-08-16T11:30:00+01:00", "end": "2026-08-20T00:00:00.250Z"}
    assert _dates(**times) == ("2026-08-16T10:30:00", "2026-08-20T00:00:00.250")
