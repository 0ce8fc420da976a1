"""Projections as values: moved, scaled, and told as text."""

from __future__ import annotations

from typing import Any

import ee
import pytest
from pyproj import CRS

from tests.unit.local_earthengine.world import UTM, World


def compute(value: Any) -> Any:
    return World().compute(value)


def test_a_projection_is_scaled_moved_and_told() -> None:
    base = ee.Projection(UTM, [10, 0, 500_000, 0, -10, 8_000_000])

    assert compute(base.scale(2, 3))["transform"] == [20, 0, 500_000, 0, -30, 8_000_000]
    assert compute(base.translate(5, 7))["transform"] == [10, 0, 500_050, 0, -10, 7_999_930]
    assert compute(base.atScale(25).nominalScale()) == pytest.approx(25)
    assert compute(ee.Projection("EPSG:4326").atScale(30).nominalScale()) == pytest.approx(30)
    assert CRS.from_wkt(compute(base.wkt())).to_epsg() == 32633
    old = ee.Projection(ee.ApiFunction.call_("Proj", UTM, [1, 2, 3, 4, 5, 6]))
    assert compute(old)["transform"] == [1, 2, 3, 4, 5, 6]
    assert compute(old.crs()) == UTM


def test_a_transform_as_text_names_its_elements() -> None:
    text = compute(ee.Projection(UTM, [10, 0, 500_000, 0, -20, 8e6]).transform())
    assert text.startswith('PARAM_MT["Affine"')
    for name, value in (("0_0", 10), ("0_2", 500_000), ("1_1", -20), ("1_2", 8_000_000)):
        after = text.split(f'PARAMETER["elt_{name}", ')[1]
        assert float(after.split("]")[0]) == value
