"""What a composite's graph holds and leaves out, field by field."""

import ee
import pytest

from s1ratio.imagery import composite, speckle
from tests.unit.imagery.graphs import algorithms, calls, encoded
from tests.unit.imagery.messages import request_of, task_of


def _graph(**fields):
    request = request_of(**fields)
    return composite.build(request, task_of(request))


def _constants(expression, name):
    return [call["image2"][1]["value"] for call in calls(expression, name)]


@pytest.mark.parametrize(
    ("angle", "over", "under"),
    [
        ("none", [], []),
        ("hird", [30.63993], [45.23993]),
        ("notebook", [30.63993], [45.53993]),
        ("gt40", [40.0], []),
        ({"max": 41.5}, [], [41.5]),
        ({"min": 33, "max": 38}, [33], [38]),
    ],
)
def test_angles_are_masked_strictly_at_their_bounds(angle, over, under):
    graph = _graph(angle=angle, valid_range=None, preset="notebook")
    assert _constants(graph, "Image.gt") == over
    assert _constants(graph, "Image.lt") == under
    assert algorithms(graph)["Image.gte"] == algorithms(graph)["Image.lte"] == 0


@pytest.mark.parametrize(
    ("valid_range", "low", "high"),
    [(None, [], []), ({}, [-5.0], [30.0]), ({"vvvh_db": [1, 9]}, [1.0], [9.0])],
)
def test_valid_range_is_the_products_own_or_the_messages(valid_range, low, high):
    graph = _graph(angle="none", valid_range=valid_range)
    assert [value for value in _constants(graph, "Image.gt") if value != 0] == low
    assert _constants(graph, "Image.lt") == high


def test_default_masks_vv_and_vh_that_are_not_positive():
    assert _constants(_graph(angle="none", valid_range=None), "Image.gt") == [0, 0]


def test_no_filter_leaves_no_trace():
    every = algorithms(_graph(speckle={"filter": "none"}))
    assert every["Image.focalMedian"] == every["Image.focalMean"] == 0


def test_focal_median_is_a_disk_in_metres():
    (call,) = calls(_graph(speckle={"filter": "focal_median", "radius_m": 55}), "Image.focalMedian")
    assert (call["radius"], call["kernelType"], call["units"]) == (55, "circle", "meters")


def test_boxcar_is_a_square_in_pixels():
    (call,) = calls(_graph(speckle={"filter": "boxcar", "size_px": 9}), "Image.focalMean")
    assert (call["radius"], call["kernelType"], call["units"]) == (4, "square", "pixels")


def test_an_unknown_filter_is_no_silent_passage():
    with pytest.raises(NotImplementedError, match="str"):
        speckle.smooth("median of nothing", ee.Image(0))


def test_bands_are_in_the_messages_order_and_cast_last():
    graph = _graph(clip=False, products=["vh_db", "vvvh_db"], statistics=["count", "median"])
    names = ["vh_db_count", "vh_db_median", "vvvh_db_count", "vvvh_db_median"]
    (cast,) = calls(graph, "Image.toFloat")
    assert cast["value"][0] == "Image.select"
    assert cast["value"][1]["bandSelectors"] == names
    root = encoded(graph)
    assert root["values"][root["result"]]["functionInvocationValue"]["functionName"] == (
        "Image.toFloat"
    )


@pytest.mark.parametrize(("clip", "clips"), [(True, 1), (False, 0)])
def test_clip_masks_outside_the_area_only_when_asked(clip, clips):
    assert algorithms(_graph(clip=clip))["Image.clip"] == clips


@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize(
    ("collection", "unit"), [("COPERNICUS/S1_GRD", "dB"), ("COPERNICUS/S1_GRD_FLOAT", "power")]
)
def test_only_the_unit_that_the_filter_does_not_run_in_is_converted(preset, collection, unit):
    every = algorithms(
        _graph(preset=preset, orbits=[58], collection=collection, products=["vvdvh_notebook"])
    )
    assert every["Image.exp"] == int(preset == "default" and unit == "dB")
    assert every["Image.log10"] == int(preset == "default" or unit == "power")


def test_passes_are_told_apart_by_platform_and_absolute_orbit():
    graph = _graph()
    (distinct,) = calls(graph, "Collection.distinct")
    assert distinct["properties"] == ["platform_number", "orbitNumber_start"]
    joined = [call for call in calls(graph, "Filter.equals") if "rightField" in call]
    assert [(call["leftField"], call["rightField"]) for call in joined] == [
        ("platform_number", "platform_number"),
        ("orbitNumber_start", "orbitNumber_start"),
    ]
    (join,) = calls(graph, "Join.saveAll")
    assert join["ordering"] == "system:time_start"
