"""The pytest plugin in somebody else's tests: its fixtures, marker and ini option."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.stac_items import Tiff, write_item

pytest_plugins = ["pytester"]

PLUGIN = "local_earthengine.pytest_plugin"


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run their tests in a process of its own: `ee` keeps its state in the process."""
    strict = ("-q", "-p", "no:cacheprovider", "-W", "error", "--strict-markers")
    return pytester.runpytest_subprocess(*strict, *arguments, timeout=120)


def scenes(folder: Path, collection: str, count: int) -> None:
    for number in range(count):
        raster = Tiff(np.full((4, 4), number, "uint8"))
        write_item(folder, f"{collection}{number}", {"red": raster}, collection=collection)


def test_the_fixture_gives_the_client_and_exports_land_in_the_server_s_folder(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(f"pytest_plugins = [{PLUGIN!r}]")
    pytester.makepyfile(
        """
        import time

        import ee
        import pytest


        def test_scenes_of_any_place(earth_engine):
            assert earth_engine is ee
            scenes = ee.ImageCollection("COPERNICUS/S1_GRD").filterBounds(ee.Geometry.Point(15, 48))
            scenes = scenes.filterDate("2020-06-01", "2020-06-13")
            assert scenes.size().getInfo() > 0
            assert ee.Image(scenes.first()).bandNames().getInfo()[-1] == "angle"
            one = scenes.first().get("system:id").getInfo()
            assert ee.Image(one).date().format("YYYY-MM").getInfo() == "2020-06"


        def test_export(earth_engine, earth_engine_server):
            assert not list(earth_engine_server.out_dir.iterdir())
            area = ee.Geometry.Rectangle([15, 48, 15.001, 48.001])
            task = ee.batch.Export.image.toCloudStorage(
                ee.Image(7), bucket="results", fileNamePrefix="seven", region=area, scale=10
            )
            task.start()
            while task.active():
                time.sleep(0.05)
            assert task.status()["state"] == "COMPLETED"
            assert (earth_engine_server.out_dir / "results" / "seven.tif").is_file()


        def test_a_fresh_server_knows_nothing_of_the_last(earth_engine, earth_engine_server):
            assert ee.data.listOperations() == []


        def test_errors_come_as_the_client_s(earth_engine):
            with pytest.raises(ee.EEException, match="asset 'none' not found"):
                ee.Image("none").bandNames().getInfo()


        def test_afterwards_the_client_is_reset():
            with pytest.raises(ee.EEException, match="initialize"):
                ee.Number(1).getInfo()
        """
    )
    run(pytester).assert_outcomes(passed=5)


def test_ini_marker_and_fixture_choose_the_scenes(pytester: pytest.Pytester) -> None:
    scenes(pytester.path / "all", "ini", 1)
    scenes(pytester.path / "tests" / "few", "marked", 2)
    pytester.makeini("[pytest]\nearth_engine_catalog = all\ntestpaths = tests")
    (pytester.path / "tests" / "test_them.py").write_text(
        """
import ee
import pytest


def size(name):
    return ee.ImageCollection(name).size().getInfo()


def test_of_the_ini_file(earth_engine):
    assert size("ini") == 1


@pytest.mark.earth_engine(catalog="few")
def test_of_the_marker(earth_engine):
    assert size("marked") == 2
    with pytest.raises(ee.EEException, match="not found"):
        size("ini")


@pytest.mark.earth_engine(catalog=None)
def test_of_nothing_marked(earth_engine):
    assert size("ini") == 1


class TestOwn:
    @pytest.fixture
    def earth_engine_catalog(self, request):
        return request.path.parent / "few"

    def test_of_a_fixture(self, earth_engine):
        assert size("marked") == 2


@pytest.mark.earth_engine("few")
def test_a_marker_that_is_misspelt(earth_engine):
    assert False
"""
    )
    result = run(pytester, "-p", PLUGIN)
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*write @pytest.mark.earth_engine(catalog=...)*"])


def test_a_folder_that_is_missing_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(earth_engine): pass")
    result = run(pytester, "-p", PLUGIN, "-o", "earth_engine_catalog=nowhere")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nowhere: is no folder*"])
