"""The question for passes, and the reading of its answer."""

import pytest

from s1ratio.imagery import orbits
from s1ratio.plan import OrbitPass
from s1ratio.request import Direction
from tests.unit.imagery.graphs import algorithms, calls, size
from tests.unit.imagery.messages import request_of


def _row(orbit, direction="ASCENDING", share=0.5, scenes=3):
    return {"orbit": orbit, "direction": direction, "share": share, "scenes": scenes}


def test_answer_is_sorted_by_orbit_and_direction():
    rows = [_row(131), _row(58, "DESCENDING"), _row(58.0)]
    assert orbits.passes_of(rows) == (
        OrbitPass(58, Direction.ASCENDING, 0.5, 3),
        OrbitPass(58, Direction.DESCENDING, 0.5, 3),
        OrbitPass(131, Direction.ASCENDING, 0.5, 3),
    )


def test_shares_are_clipped_to_one():
    (only,) = orbits.passes_of([_row(7, share=1.0000004)])
    assert only.share == 1.0


def test_a_pass_that_only_touches_the_area_is_left_out():
    assert orbits.passes_of([_row(7, share=0), _row(8, share=0.01)]) == (
        OrbitPass(8, Direction.ASCENDING, 0.01, 3),
    )


def test_no_scene_is_no_pass():
    assert orbits.passes_of([]) == ()


def test_question_is_one_small_expression_over_one_load():
    question = orbits.passes_expression(request_of())
    assert algorithms(question)["ImageCollection.load"] == 1
    assert algorithms(question)["GeometryConstructors.MultiPolygon"] == 1
    assert size(question) < 5_200


def test_passes_are_told_apart_by_relative_orbit_and_direction():
    (distinct,) = calls(orbits.passes_expression(request_of()), "Collection.distinct")
    assert distinct["properties"] == ["relativeOrbitNumber_start", "orbitProperties_pass"]


@pytest.mark.parametrize(
    ("side", "metres"), [(3.0, 100), (0.09, 100), (0.009, 10), (0.0009, 1), (1e-9, 0.01)]
)
def test_outlines_are_as_exact_as_the_area_is_small(side, metres):
    aoi = {"bbox": [14, 0, 14 + side, side]}
    question = orbits.passes_expression(request_of(aoi=aoi))
    (cut,) = calls(question, "Geometry.intersection")
    sizes = [call["maxError"] for call in calls(question, "Geometry.area")]
    assert cut["maxError"] == ("ErrorMargin", {"value": pytest.approx(metres, rel=0.02)})
    assert sizes == [cut["maxError"]] * 2
