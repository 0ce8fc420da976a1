"""Tasks with one digest have one graph, to the last argument, and so the same pixels."""

import hashlib
import json
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s1ratio import pixels
from s1ratio.imagery import export
from s1ratio.request.reader import stored_request
from tests.support.messages import message
from tests.unit.imagery import golden
from tests.unit.imagery.graphs import encoded
from tests.unit.imagery.messages import EQUATOR, request_of, task_of

SMALL = {"bbox": [14.0, -20.0, 14.2, -19.9]}
RING = {
    "type": "Polygon",
    "coordinates": [[[14.0, -20.0], [14.2, -20.0], [14.2, -19.9], [14.0, -19.9], [14.0, -20.0]]],
}
FEATURE = {"type": "Feature", "properties": {"name": "the same"}, "geometry": RING}
# Values of each field that decides pixels: every two of them make other ones.
DECIDING: dict[str, list[Any]] = {
    "aoi": [SMALL, {"bbox": [14.0, -20.0, 14.2, -19.8]}, {"bbox": [14.0, -20.0, 14.21, -19.9]}],
    "start": ["2019-01-01", "2019-01-02"],
    "end": ["2020-01-01", "2020-01-02"],
    "preset": ["default", "notebook"],
    "collection": ["COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"],
    "orbits": [[58], [131]],
    "direction": ["ASCENDING", "DESCENDING"],
    "platforms": [["A", "B"], ["A"]],
    "angle": ["hird", "none", {"min": 33}],
    "products": [["vvvh_db"], ["vvvh_db", "vv_db"], ["vvvh_linear"]],
    "valid_range": [{"vvvh_db": [-4, 30]}, {"vvvh_db": None}, {"vvvh_db": [-4, 29]}],
    "statistics": [["median"], ["mean"], ["median", "mean"], ["mean", "median"]],
    "grid": [{"crs": "utm", "scale": 20}, {"crs": "utm", "scale": 30}],
    "speckle": [
        {"filter": "none"},
        {"filter": "boxcar", "size_px": 3},
        {"filter": "boxcar", "size_px": 5},
        {"filter": "focal_median", "radius_m": 60},
    ],
    "clip": [True, False],
}
# Values of those that decide none.
INDIFFERENT: dict[str, list[Any]] = {
    "request_id": ["a", "b"],
    "aoi": [RING, FEATURE],
    "destination": [{"kind": "gcs", "prefix": "a"}, {"kind": "gcs", "prefix": "b/c"}],
    "priority": [1, 9],
    "labels": [{}, {"for": "me"}],
    "version": [1],
    # What is pinned decides, and is told with each task.
    "pin_inputs": [False, True],
}
_OPTIONAL = ("preset", "valid_range")
BASE = {name: values[0] for name, values in DECIDING.items() if name not in _OPTIONAL}


def digest_and_graph(fields: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return the digest of a message's first task, and its export's whole graph as text."""
    request = request_of(**fields)
    task = task_of(request, orbit=request.orbits[0] if request.orbits else 58)
    body = export.params(
        request, task, attempt=1, description="x", bucket="bucket", priority=request.priority
    )
    (digest,) = pixels.digests(request, [task])
    return digest, json.dumps(encoded(body["expression"]), sort_keys=True)


@pytest.mark.parametrize("field", DECIDING)
def test_a_field_that_decides_pixels_decides_the_digest(field: str) -> None:
    made = [digest_and_graph({**BASE, field: value}) for value in DECIDING[field]]
    for (one, graph), (other, other_graph) in combinations(made, 2):
        assert graph != other_graph, "this field does not decide pixels"
        assert one != other


@pytest.mark.parametrize("field", INDIFFERENT)
def test_a_field_that_decides_none_does_not(field: str) -> None:
    made = {digest_and_graph({**BASE, field: value}) for value in INDIFFERENT[field]}
    assert len(made) == 1


# Digests of stored claims, from before `grid.oversample` was a field.
KNOWN: list[tuple[dict[str, Any], str]] = [
    ({}, "76e3a01d55e3e1606ff4704bb3386cd31a6881c6"),
    ({"preset": "notebook"}, "0523ce9111236518d3ceb3c7df1b3bbf3e0cff33"),
    ({"grid": {"crs": "utm", "scale": 20}}, "46859a701f009251257710a3b9f4127571db844a"),
    (
        {"grid": {"crs": "EPSG:4326", "scale": 10}, "clip": False},
        "56004ab59c2ce42881e36582760ae681a62d4696",
    ),
    (
        {"speckle": {"filter": "none"}, "products": ["vv_db"], "statistics": ["mean"]},
        "cd7957a3c35272d188b419f28d4390166989b646",
    ),
    (
        {"grid": {"crs": "EPSG:32733", "scale": 6}, "aoi": {"bbox": [14, -20, 14.1, -19.9]}},
        "a277c46e5ff74e763b7caa6c9a19b94a29ddd744",
    ),
    # Near the equator those of what is no mosaic across the node stay, too.
    ({"aoi": EQUATOR, "direction": "DESCENDING"}, "4616f4fca7f5461aa6218834ef55d25310619ea5"),
    ({"aoi": EQUATOR, "preset": "notebook"}, "ade44fd7b115d88661837c2b3d9567167d6e0ef8"),
    ({"aoi": {"bbox": [36.7, 6, 36.9, 7]}}, "118c5a09071e3324098b81ab071d1fa9afc0a550"),
    (
        {"aoi": {"bbox": [-60.2, -7, -60, -6]}, "clip": False},
        "bd318ce30ce1965ceb2943838266e29ebbea99f6",
    ),
]
# The digest of a claim on one side of the node, from before passes were joined there.
ONE_SIDE = "d7740c1cb3c221939d6bf096a6a26e96cbcbc8e4"


@pytest.mark.parametrize(("fields", "known"), KNOWN, ids=str)
def test_pixels_keep_their_digest_whatever_fields_are_added(
    fields: dict[str, Any], known: str
) -> None:
    request = stored_request(json.dumps(message(**fields)))
    assert pixels.digests(request, [task_of(request)]) == (known,)


def test_a_composite_of_one_side_of_the_node_is_not_taken_for_that_of_the_pass() -> None:
    request = stored_request(json.dumps(message(aoi=EQUATOR, direction="ASCENDING")))
    (digest,) = pixels.digests(request, [task_of(request)])
    assert digest != ONE_SIDE


@pytest.mark.parametrize("scale", [5, 10, 30])
def test_that_a_finer_scale_was_asked_for_by_name_decides_no_pixels(scale: int) -> None:
    made = set[str | None]()
    for oversample in ({}, {"oversample": False}, {"oversample": True}):
        grid = {"crs": "utm", "scale": scale, **oversample}
        request = stored_request(json.dumps(message(grid=grid)))
        made.update(pixels.digests(request, [task_of(request)]))
    assert len(made) == 1


def test_every_field_of_a_message_is_on_one_of_the_lists() -> None:
    assert set(DECIDING) | set(INDIFFERENT) == set(type(request_of()).model_fields)


def _messages() -> st.SearchStrategy[dict[str, Any]]:
    fields = {
        name: st.sampled_from([*DECIDING.get(name, []), *INDIFFERENT.get(name, [])])
        for name in {**DECIDING, **INDIFFERENT}
        if name not in ("products", "valid_range", "preset")
    }
    return st.fixed_dictionaries({"products": st.just(["vvvh_db"])}, optional=fields)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(_messages(), _messages())
def test_one_digest_is_one_graph_and_another_graph_another_digest(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    mixed = {**other, **{name: one[name] for name in list(one)[::2]}}
    made = [digest_and_graph(fields) for fields in (one, other, mixed)]
    for (digest, graph), (other_digest, other_graph) in combinations(made, 2):
        assert (digest == other_digest) <= (graph == other_graph)


def test_a_changed_graph_is_counted() -> None:
    """Tasks before and after a change of the graphs must not share files."""
    names = sorted(path for path in golden.FOLDER.glob("*.json") if path.stem != "orbits")
    texts = [f"{path.stem} {json.dumps(json.loads(path.read_text()))}" for path in names]
    found = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    known = json.loads((golden.FOLDER.parent / "golden_graph.json").read_text())
    assert known == {"graph": pixels.GRAPH, "golden": found}, (
        "the golden graphs changed. If the pixels that they make did, raise `pixels.GRAPH` by one. "
        f'Then write {{"graph": {pixels.GRAPH}, "golden": "{found}"}} (with GRAPH as it then is) '
        "to tests/unit/imagery/golden_graph.json"
    )
