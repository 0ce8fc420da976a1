"""The notebook as it stands, cell by cell, through the real client against the real server.

Replaced are its area, and the connection that its Initialize makes; its plotting libraries are
empty modules. Dates and orbits are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ee
import numpy as np
import pytest
import rasterio
import shapely

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from tests.support.notebook import Ran, all_settled, raster, running, settled
from tests.support.refined_lee import refined_lee

pytestmark = [
    # The notebook is of 2023: shapely's `type` and getTaskStatus still work, but warn.
    pytest.mark.filterwarnings(
        "ignore::shapely.errors.ShapelyDeprecationWarning", "ignore::DeprecationWarning"
    ),
]

# Where both of its orbits see the ground within its angles; its whole period has 200 scenes.
_SMALL = (15.640, -18.100, 15.642, -18.098)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """The notebook over synthetic scenes."""
    with running(SyntheticCatalog(), tmp_path_factory.mktemp("synthetic"), _SMALL) as found:
        yield found


def test_both_exports_end_and_the_status_calls_answer(ran: Ran) -> None:
    names, out = ran
    status = names["status"]  # what its last cell asked for
    assert status["id"] == names["task_std"].id
    assert status["task_type"] == "EXPORT_IMAGE"
    for task in (names["task"], names["task_std"]):
        assert settled(task.id)["state"] == "COMPLETED", settled(task.id)
    # Both bear one name, and a folder holds one file of a name: the later one.
    (path,) = (out / "drive" / "s1_2020").iterdir()
    assert path.name == f"{status['description']}.tif"
    ((name, band),) = raster(path).items()
    assert name in ("VVdVH_median", "VVdVH_stdDev")
    assert np.isfinite(band).mean() > 0.9


def test_collections_are_filtered_as_asked(ran: Ran) -> None:
    names, _ = ran
    scenes, crs = names["fix_S1"]("2020-01-01", "2020-03-01", names["aoi_gee"], orbit=58)
    assert crs.crs().getInfo() == "EPSG:32733"
    platforms = scenes.aggregate_array("platform_number").getInfo()
    assert set(platforms) == {"A", "B"}
    for flt, precision in ((True, "float"), (False, "double")):
        one, _ = names["fix_S1"](
            "2020-01-01", "2020-03-01", names["aoi_gee"], flt=flt, orbit=58, platform="B"
        )
        first = one.first().getInfo()
        assert first["bands"][0]["data_type"]["precision"] == precision
        assert one.aggregate_array("platform_number").getInfo() == platforms.count("B") * ["B"]
    fallen, _ = names["fix_S1"](
        "2020-01-01", "2020-03-01", names["aoi_gee"], direction="Descending"
    )
    assert set(fallen.aggregate_array("orbitProperties_pass").getInfo()) == {"DESCENDING"}


@pytest.mark.soak
def test_export_collection_names_files_by_prefix_date_and_scale(ran: Ran) -> None:
    names, out = ran
    ratios = names["orbdict"]["58_ratio"].limit(3)
    days = [
        ee.Date(time).format("YYYYMMdd").getInfo()
        for time in ratios.aggregate_array("system:time_start").getInfo()
    ]
    options = {"crs": "EPSG:4326", "scale": 20, "folder": "many"}
    export = names["export_collection"]
    export(ratios, names["aoi_gee"], "all", **options)
    export(ratios, names["aoi_gee"], "one", max_images=1, start_image=1, **options)
    export(ratios, names["aoi_gee"], "own", namelist=["a", "b"], **options)
    export(ratios.limit(1), names["aoi_gee"], "utm", folder="many")  # its own projection, 5 m

    stems = {
        *(f"all_{day}_20m" for day in days),
        f"one_{days[1]}_20m",
        "own_a_20m",
        "own_b_20m",
        f"utm_{days[0]}_5m",
    }
    found = all_settled()
    assert {found[stem]["state"] for stem in stems} == {"COMPLETED"}
    folder = out / "drive" / "many"
    assert {path.stem for path in folder.iterdir()} == stems
    same = [raster(folder / f"{stem}.tif") for stem in (f"all_{days[1]}_20m", "own_b_20m")]
    np.testing.assert_array_equal(same[0]["VVdVH"], same[1]["VVdVH"])
    with rasterio.open(folder / f"utm_{days[0]}_5m.tif") as file:
        assert (file.crs.to_string(), file.res) == ("EPSG:32733", (5.0, 5.0))


def test_its_refined_lee_as_it_stands_is_neither_masked_nor_exported(ran: Ran) -> None:
    names, _ = ran
    scenes, _ = names["fix_S1"]("2020-01-01", "2020-02-01", names["aoi_gee"], flt=False, orbit=58)
    *_, both, _, ratio, _ = names["filter_s1"](scenes)
    assert [band["data_type"].get("dimensions") for band in both.first().getInfo()["bands"]] == [
        None, None, 1, 1,
    ]  # fmt: skip
    with pytest.raises(ee.EEException, match=r"Image.updateMask: The mask has array pixels"):
        ratio.first().getInfo()
    with pytest.raises(ee.EEException, match=r"Exporting array images .*\[VV_filt, VH_filt\]"):
        pixels(both.first(), names, 4)
    task = ee.batch.Export.image.toDrive(
        both.first(), "arrays", region=names["aoi_gee"], scale=10, crs="EPSG:32733"
    )
    task.start()
    status = settled(str(task.id))
    assert status["state"] == "FAILED"
    assert "Exporting array images is not supported" in status["error_message"]


def pixels(image: Any, names: dict[str, Any], size: int, margin: int = 0) -> Any:
    """Pixels of the scenes' lattice around the area's corner, by image:computePixels."""
    scenes, _ = names["fix_S1"]("2020-01-01", "2020-02-01", names["aoi_gee"], flt=False, orbit=58)
    projection = scenes.first().select("VV").projection()
    x, y = ee.Geometry.Point(_SMALL[0], _SMALL[1]).transform(projection, 1).coordinates().getInfo()
    side, _, left, _, step, top = projection.getInfo()["transform"]
    col, row = round((x - left) / side) - margin, round((y - top) / step) - margin
    return ee.data.computePixels({
        "expression": image,
        "fileFormat": "NUMPY_NDARRAY",
        "grid": {
            "dimensions": {"width": size + 2 * margin, "height": size + 2 * margin},
            "affineTransform": {
                "scaleX": side, "scaleY": step,
                "translateX": left + col * side, "translateY": top + row * step,
            },
            "crsCode": "EPSG:32733",
        },
    })  # fmt: skip


def test_an_element_of_its_refined_lee_equals_loops(ran: Ran) -> None:
    names, _ = ran
    scenes, _ = names["fix_S1"]("2020-01-01", "2020-02-01", names["aoi_gee"], flt=False, orbit=58)
    natural = names["toNatural"](scenes.first().select("VV"))
    filtered = names["RefinedLee"](natural)
    ways = [filtered.arrayGet([0]), filtered.arrayFlatten([["x"]])]

    given = pixels(natural.rename("v").addBands(natural.mask().rename("m")), names, 24, margin=3)
    both = ee.Image.cat(*(names["toDB"](way) for way in ways)).rename(["one", "two"])
    ours = pixels(both.unmask(-99), names, 24)

    theirs, valid = refined_lee(given["v"], given["m"] > 0)
    inner = slice(3, -3), slice(3, -3)
    assert valid[inner].mean() > 0.9
    expected = np.where(valid[inner], 10 * np.log10(np.where(valid, theirs, 1))[inner], -99)
    for name in ("one", "two"):
        np.testing.assert_allclose(ours[name], expected, rtol=1e-9, atol=1e-9)


def test_the_area_is_a_ring_that_runs_anticlockwise(ran: Ran) -> None:
    """A clockwise ring, as the notebook's own, would be the whole Earth minus the box."""
    names, _ = ran
    assert names["aoi_gee"].area(1).getInfo() < 1e6
    turned = names["gee_geometry_from_shapely"](shapely.box(*_SMALL, ccw=False))
    assert turned.area(1).getInfo() > 5e14
