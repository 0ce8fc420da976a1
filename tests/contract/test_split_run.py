"""`s1ratio run` where an export is too much for Earth Engine, and where it is cancelled."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from local_earthengine.batch import exporter
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from s1ratio.cli.main import main

MESSAGE = {
    "request_id": "x",
    "aoi": {"bbox": [13, 52, 13.004, 52.004]},
    "start": "2024-01-01",
    "end": "2024-01-20",
    "orbits": [95],
    "direction": "DESCENDING",
}


def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    message = folder / "message.json"
    message.write_text(json.dumps(MESSAGE), encoding="utf-8")
    status = main(["run", str(message), "--out", str(folder / "out"), "--json"])
    return status, json.loads(capsys.readouterr().out)


def limited(patch: pytest.MonkeyPatch, most: int) -> None:
    """Let the local Earth Engine run out of memory over more than so many pixels."""
    check = exporter.check_size

    def checked(grid: PixelGrid, allowed: int) -> None:
        check(grid, allowed)
        if grid.width * grid.height > most:
            raise EarthEngineError("User memory limit exceeded.")

    patch.setattr(exporter, "check_size", checked)


def test_parts_are_the_whole_pixel_for_pixel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The focal median reaches over the cuts: its neighbours are another part's pixels."""
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    _, whole = run(tmp_path / "whole", capsys)
    (task,) = whole["tasks"]
    limited(monkeypatch, most=task["shape"][0] * task["shape"][1] // 3)
    status, split = run(tmp_path / "parts", capsys)
    assert status == 0
    assert split["state"] == "VERIFIED"
    assert len(split["tasks"]) == 5
    (mosaic,) = split["mosaics"]
    with (
        rasterio.open(tmp_path / "whole" / "out" / task["files"][0]) as one,
        rasterio.open(tmp_path / "parts" / "out" / mosaic) as many,
    ):
        for name in ("shape", "crs", "transform", "descriptions", "dtypes", "nodata"):
            assert getattr(many, name) == getattr(one, name), name
        np.testing.assert_array_equal(many.read(), one.read())
        assert one.read(1, masked=True).count() > 0
    picture = mosaic.replace(".vrt", ".png")
    assert picture in split["quicklooks"]
    assert (tmp_path / "parts" / "out" / picture).is_file()


def test_what_is_too_much_in_the_smallest_parts_fails_and_a_retry_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("S1RATIO_PROJECT", raising=False)
        limited(patch, most=1)
        status, told = run(tmp_path, capsys)
        assert (status, told["state"]) == (1, "FAILED")
        assert any("split 2 times already" in (task["error"] or "") for task in told["tasks"])
        assert run(tmp_path, capsys)[0] == 1  # nothing is tried again by itself
        assert main(["retry", "x", "--out", str(tmp_path / "out"), "--json"]) == 0
        capsys.readouterr()
    status, told = run(tmp_path, capsys)
    assert (status, told["state"]) == (0, "VERIFIED")
    assert {task["state"] for task in told["tasks"]} <= {"VERIFIED", "EMPTY"}
    assert told["mosaics"]


def test_a_finished_run_is_exported_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    _, first = run(tmp_path, capsys)
    assert main(["resubmit", "x", "--out", str(tmp_path / "out"), "--json"]) == 0
    capsys.readouterr()
    status, second = run(tmp_path, capsys)
    assert (status, second["state"]) == (0, "VERIFIED")
    for before, after in zip(first["tasks"], second["tasks"], strict=True):
        assert after["attempt"] == before["attempt"] + 1
        for old, new in zip(before["files"], after["files"], strict=True):
            assert new != old
            with (
                rasterio.open(tmp_path / "out" / old) as one,
                rasterio.open(tmp_path / "out" / new) as other,
            ):
                np.testing.assert_array_equal(one.read(), other.read())
