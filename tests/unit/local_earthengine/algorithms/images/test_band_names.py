"""Bands renamed."""

from __future__ import annotations

import ee

from tests.unit.local_earthengine.world import World


def test_bands_are_renamed_by_a_rule() -> None:
    made = World()
    image = ee.Image([1, 2]).rename(["VV_mean", "VH_mean"])
    assert made.compute(image.regexpRename("(V.)_", "$1.").bandNames()) == ["VV.mean", "VH.mean"]
    assert made.compute(image.regexpRename("e|n", "x").bandNames()) == ["VV_mxax", "VH_mxax"]
    assert made.compute(image.regexpRename("m|n", "x", False).bandNames()) == ["VV_xean", "VH_xean"]
