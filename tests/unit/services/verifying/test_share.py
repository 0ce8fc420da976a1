"""How much of the area must have data: hand-made surveys, no pixels."""

import json
from dataclasses import replace

import pytest
from pyproj import Transformer
from shapely import Polygon

from s1ratio.aoi import Aoi
from s1ratio.grid import PixelGrid
from s1ratio.ports import BandSample, BlockSample, RasterFile, RasterSample
from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.limits import limits_of
from s1ratio.services.verifying.share import judge_share

WHOLE = PixelGrid("EPSG:32633", 10.0, 50_000, 555_000, 4000, 4000)
HALVES = [replace(WHOLE, width=2000), replace(WHOLE, left=52_000, width=2000)]


def area() -> Aoi:
    back = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    corners = [(0, 0), (4000, 0), (4000, 4000), (0, 4000)]
    return Aoi(Polygon([back.transform(500_000 + x * 10, 5_550_000 - y * 10) for x, y in corners]))


def ask(**fields: object) -> CompositeRequest:
    """A request of one band over all of `WHOLE`, without angles."""
    message = {"aoi": {"bbox": [15, 50, 15.01, 50.01]}, "start": "2024-01-01", "end": "2024-02-01"}
    wanted = message | {"statistics": ["median"], "angle": "none"} | fields
    request = CompositeRequest.model_validate_json(json.dumps(wanted))
    return request.model_copy(update={"aoi": area()})


def surveyed(grid: PixelGrid, seen: float) -> RasterFile:
    """A file of a grid with data in a part of it, surveyed on an overview of 1 px for 16 × 16."""
    pixels = grid.pixels // 256
    band = BandSample(pixels, pixels, int(pixels * seen), 0, 0, 1.0, 9.0, (2.0, 8.0))
    survey = (BlockSample(4, 0, 0, pixels, (band,)),)
    return RasterFile(
        "a.tif",
        grid.crs,
        grid.transform,
        (grid.height, grid.width),
        ("vvvh_db_median",),
        "float32",
        -9999.0,
        True,
        RasterSample(survey=survey, survey_factor=256.0),
    )


def lacks(grid: PixelGrid, share: float | None, *seen: float, **fields: object) -> bool:
    request = ask(**fields)
    files = [surveyed(grid, part) for part in seen]
    faults, notes = judge_share(grid, request, share, files, limits_of(request))
    assert not notes
    return bool(faults)


@pytest.mark.parametrize(
    ("share", "seen", "expected"),
    [
        (1.0, 1.0, False),
        (1.0, 0.92, False),
        (1.0, 0.85, True),
        (1.0, 0.0, True),
        (0.6, 0.6, False),
        (0.6, 0.53, False),
        (0.6, 0.45, True),
        (0.3, 0.0, True),
        (0.05, 0.0, True),
        (0.01, 0.0, False),
        (None, 0.0, False),
    ],
)
def test_of_a_lone_tile_the_share_is_expected_less_a_tolerance(share, seen, expected) -> None:
    assert lacks(WHOLE, share, seen) is expected


@pytest.mark.parametrize(
    ("share", "seen", "expected"),
    [
        (1.0, 0.5, True),
        (0.9, 0.8, False),  # what the passes leave out may all lie here
        (0.9, 0.6, True),
        (0.7, 0.4, False),
        (0.7, 0.2, True),
        (0.5, 0.0, False),
        (0.2, 0.0, False),
    ],
)
def test_what_the_passes_leave_out_may_all_lie_in_one_tile(share, seen, expected) -> None:
    for half in HALVES:
        assert lacks(half, share, seen) is expected


def test_shards_count_together_and_none_without_a_survey() -> None:
    quarters = WHOLE.quarters()
    request = ask()
    files = [surveyed(grid, seen) for grid, seen in zip(quarters, (1, 1, 1, 0), strict=True)]
    bands = limits_of(request)
    faults, _ = judge_share(WHOLE, request, 1.0, files, bands)
    assert faults[0].message.startswith("25% of what its passes cover have no data")
    unknown = replace(files[0], sample=RasterSample())
    assert judge_share(WHOLE, request, 1.0, [*files[1:], unknown], bands) == ([], [])
