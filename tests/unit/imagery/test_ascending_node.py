"""What joins passes at the ascending node stands in graphs of the equator, and in no others."""

import json
from typing import Any

import pytest

from s1ratio.imagery import composite, orbits
from tests.unit.imagery import golden
from tests.unit.imagery.graphs import algorithms, calls, encoded, size
from tests.unit.imagery.messages import EQUATOR, request_of, task_of

AWAY = {"bbox": [36.7, 6.0, 36.9, 6.3]}


def _graphs(aoi: dict[str, Any], orbit: int = 57, **fields: Any) -> tuple[Any, Any]:
    """Return the graphs of the composite and of the search of one message."""
    request = request_of(aoi=aoi, **fields)
    task = task_of(request, orbit)
    return composite.build(request, task), orbits.passes_expression(request)


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize(
    "aoi",
    [
        {"bbox": [14, -20, 15, -19]},
        {"bbox": [36.7, -6.3, 36.9, -6.0]},
        {"bbox": [-120, 60, -119, 60.5]},
        {"bbox": [179.5, -18, -179.5, -17.5]},
        {"bbox": [10, 6.00001, 11, 7]},
    ],
    ids=str,
)
def test_away_from_the_equator_no_graph_has_anything_of_it(aoi: dict[str, Any], clip: bool) -> None:
    for graph in _graphs(aoi, clip=clip):
        every = algorithms(graph)
        for name in ("Geometry.centroid", "Geometry.bounds", "Element.setMulti", "Number.mod"):
            assert every[name] == 0, name
        assert "southern" not in json.dumps(encoded(graph))


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": "DESCENDING"},
        {"preset": "notebook"},
        {"preset": "notebook", "direction": "ASCENDING"},
    ],
    ids=str,
)
def test_what_is_not_joined_at_the_equator_has_the_graph_of_anywhere(
    fields: dict[str, Any],
) -> None:
    for here, there in zip(_graphs(EQUATOR, **fields), _graphs(AWAY, **fields), strict=True):
        assert algorithms(here) == algorithms(there)
        assert "southern" not in json.dumps(encoded(here))


@pytest.mark.parametrize(("orbit", "after"), [(1, 2), (57, 58), (174, 175), (175, 1)])
def test_a_composite_at_the_equator_looks_at_the_slices_of_two_numbers(
    orbit: int, after: int
) -> None:
    graph, _ = _graphs(EQUATOR, orbit, direction="ASCENDING")
    lists = [
        call["leftValue"] for call in calls(graph, "Filter.listContains") if "leftValue" in call
    ]
    assert lists == [[orbit, after]]
    equal = {call["leftField"]: call.get("rightValue") for call in calls(graph, "Filter.equals")}
    assert equal["southernRelativeOrbitNumber"] == orbit
    assert "ASCENDING" in equal.values()
    (distinct,) = calls(graph, "Collection.distinct")
    assert distinct["properties"] == ["platform_number", "southernOrbitNumber"]


def test_both_graphs_at_the_equator_grow_by_little_and_load_the_scenes_once() -> None:
    for here, there in zip(_graphs(EQUATOR), _graphs(AWAY), strict=True):
        assert size(here) - size(there) < 4_200
        assert algorithms(here)["ImageCollection.load"] == 1


def test_an_area_that_reaches_beyond_six_degrees_is_numbered_alike_on_all_of_it() -> None:
    graph, question = _graphs({"bbox": [36.7, 5.9, 36.9, 8.0]})
    (distinct,) = calls(question, "Collection.distinct")
    assert distinct["properties"] == ["southernRelativeOrbitNumber", "orbitProperties_pass"]
    assert algorithms(graph)["Geometry.centroid"] == 1


@pytest.mark.parametrize("name", ["composite", "orbits"])
def test_graph_at_the_equator_is_the_golden_one(name: str) -> None:
    known = json.loads((golden.EQUATOR_FOLDER / f"{name}.json").read_text())
    assert golden.equator_graphs()[name] == known, (
        "the graph changed: if it is meant, run `python -m tests.unit.imagery.golden`, and raise "
        "`pixels.GRAPH` if the pixels did"
    )
