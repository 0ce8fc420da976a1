"""In which direction an orbit flies over a place: real scenes, and every strip of another model."""

import json
from unittest.mock import patch

import numpy as np
import pytest

from local_earthengine.scenes.synthetic.passes import slices_over
from s1ratio import ground_tracks
from s1ratio.ground_tracks import directions_over, node_notes
from s1ratio.plan import named_passes
from s1ratio.request import CompositeRequest

# Relative orbit, longitude and latitude of what is known of real scenes, and how they were flown.
REAL = [
    (146, 16.4, 48.2, "A"),  # Vienna
    (73, 16.4, 48.2, "A"),
    (22, 16.4, 48.2, "D"),
    (124, 16.4, 48.2, "D"),
    (57, 36.8, -0.5, "A"),  # Kenya, about the node: 57 south of the equator, 58 north of it
    (58, 36.8, 0.85, "A"),
    (57, 36.8, 3.0, "A"),  # asked for by the number of before the node
    (58, 36.8, -3.0, "A"),
]


def area(lon: float, lat: float, side: float = 0.2) -> CompositeRequest:
    box = [lon - side / 2, lat - side / 2, lon + side / 2, lat + side / 2]
    message = {"aoi": {"bbox": box}, "start": "2024-01-01", "end": "2024-02-01"}
    return CompositeRequest.model_validate_json(json.dumps(message))


def directions(orbit: int, lon: float, lat: float, side: float = 0.2) -> str:
    found = directions_over(orbit, area(lon, lat, side).aoi)
    return "".join(each.value[0] for each in found)


@pytest.mark.parametrize(("orbit", "lon", "lat", "flown"), REAL)
def test_an_orbit_flies_as_its_scenes_did(orbit, lon, lat, flown) -> None:
    assert directions(orbit, lon, lat) == flown


@pytest.mark.parametrize("seed", range(6))
def test_no_direction_is_left_out_in_which_a_place_is_seen(seed: int) -> None:
    draw = np.random.default_rng(seed)
    for _ in range(8):
        lon, lat = draw.uniform(-179, 179), draw.uniform(-75, 80)
        for seen in slices_over((lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)):
            found = directions(seen.relative_orbit, lon, lat)
            assert seen.direction[0] in found
            assert len(found) == 1 or abs(lat) > 70


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (13.0, 52.0), (-120.0, 40.0), (179.9, -17.0)])
def test_an_orbit_that_does_not_see_an_area_is_asked_for_both_ways(lon, lat) -> None:
    seen = {each.relative_orbit for each in slices_over((lon - 9, lat - 9, lon + 9, lat + 9))}
    beyond = next(orbit for orbit in range(1, 176) if orbit not in seen)
    assert directions(beyond, lon, lat) == "AD"


def test_across_the_antimeridian_it_is_the_same_place() -> None:
    message = {"aoi": {"bbox": [179.9, 9.9, -179.9, 10.1]}, "start": "2024-01-01"}
    aoi = CompositeRequest.model_validate_json(json.dumps(message | {"end": "2024-02-01"})).aoi
    for orbit in range(1, 176, 7):
        found = "".join(each.value[0] for each in directions_over(orbit, aoi))
        assert found == directions(orbit, 179.8, 10.0) == directions(orbit, -179.8, 10.0)


@pytest.mark.parametrize("vertices", [4, 9_000])
@pytest.mark.parametrize("lat", [1.0, 48.0, 82.0])
def test_a_message_may_name_all_orbits_of_a_fine_outline(vertices: int, lat: float) -> None:
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = [[15 + 0.1 * np.cos(turn), lat + 0.1 * np.sin(turn)] for turn in turns]
    message = {
        "aoi": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        "start": "2024-01-01",
        "end": "2024-02-01",
        "orbits": [*range(1, 176)],
    }
    request = CompositeRequest.model_validate_json(json.dumps(message))
    ground_tracks._strip.cache_clear()
    with (
        patch.object(ground_tracks, "_apart", wraps=ground_tracks._apart) as apart,
        patch.object(ground_tracks, "_seen_from", wraps=ground_tracks._seen_from) as seen_from,
    ):
        assert len(named_passes(request) or ()) >= 175
        assert node_notes(request) or lat > 6
    assert apart.call_count <= vertices + 1, "an outline is measured once, not for each orbit"
    assert seen_from.call_count < 2 * 360, "there is one track, turned"
