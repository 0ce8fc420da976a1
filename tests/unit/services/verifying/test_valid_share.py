"""What the files of an export show of its area, where none of that lies in them, too."""

import json
from dataclasses import replace

import pytest

from s1ratio.ports import AreaSample, RasterFile, RasterSample
from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.valid_share import measure_valid, warn_of_gaps, with_shares
from s1ratio.task import Result

NOTHING = AreaSample(0.0, 0.0, 0.0, 0.0)
HALF = AreaSample(100.0, 50.0, 25.0, 100.0)
REQUEST = CompositeRequest.model_validate_json(
    json.dumps(
        {
            "aoi": {"bbox": [13, 52, 13.1, 52.1]},
            "start": "2024-01-01",
            "end": "2024-02-01",
            "clip": False,
        }
    )
)


def file(area: AreaSample | None, has_data: bool | None) -> RasterFile:
    made = RasterFile("a.tif", "", (), (1, 1), (), "float32", -9999.0, has_data)  # type: ignore[arg-type]
    return replace(made, sample=RasterSample(area=area))


@pytest.mark.parametrize(
    ("files", "shares", "is_warned"),
    [
        ([(NOTHING, True)], (0.0, None, None, None), False),
        ([(NOTHING, False)], (0.0, None, None, None), False),
        ([(NOTHING, True), (NOTHING, None)], (0.0, None, None, None), False),
        ([(NOTHING, True), (HALF, None)], (100.0, 0.5, 0.25, 1.0), True),
        ([(HALF, True)], (100.0, 0.5, 0.25, 1.0), True),
        ([(HALF, False)], (100.0, 0.0, 0.0, 1.0), True),
        ([(None, True)], (None, None, None, None), False),
        ([(HALF, True), (None, None)], (None, None, None, None), False),
    ],
)
def test_a_tile_beside_the_area_has_no_shares_and_no_gaps(
    files: list[tuple[AreaSample | None, bool | None]],
    shares: tuple[float | None, ...],
    is_warned: bool,
) -> None:
    found = measure_valid([file(*each) for each in files])
    told = with_shares(Result(), found)
    assert (told.area_px, told.valid_share, told.two_pass_share, told.counted_share) == shares
    assert bool(warn_of_gaps(REQUEST, None, found)) == is_warned
