"""`s1ratio run` and `s1ratio status` over one folder: what is told, and how they end."""

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image

from local_earthengine.batch.ledger import Ledger
from local_earthengine.storage.objects import Buckets
from s1ratio.cli.main import main
from tests.support.full_disk import files_end_at
from tests.support.stac_items import Tiff, write_item

MESSAGE = {
    "request_id": "x",
    "aoi": {"bbox": [13, 52, 13.004, 52.004]},
    "start": "2024-01-01",
    "end": "2024-01-20",
    "labels": {"team": "forest"},
}


def written(folder: Path, name: str = "message.json", **fields: Any) -> str:
    path = folder / name
    path.write_text(json.dumps(MESSAGE | fields), encoding="utf-8")
    return str(path)


def run(folder: Path, message: str) -> int:
    return main(["run", message, "--out", str(folder / "out"), "--json"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run in it, made in an environment of another deployment."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S1RATIO_MAX_TASK_PIXELS", "65536")
        patch.setenv("S1RATIO_MAX_AREA_KM2", "0.0001")
        patch.setenv("S1RATIO_DEPLOYMENT", "not valid")
        assert run(folder, written(folder)) == 0
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_known_id_with_another_message_is_rejected(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = written(folder, "other.json", start="2023-01-01", end="2023-02-01")
    for _ in range(2):
        assert run(folder, other) == 2
        streams = capsys.readouterr()
        told = json.loads(streams.out)
        assert [each["code"] for each in told["faults"]] == ["request_id_conflict"]
        assert told["exit_status"] == 2
        assert "request_id: x is the id of another request" in streams.err
    assert run(folder, str(folder / "message.json")) == 0


def test_what_the_function_rejects_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, written(tmp_path, orbits=list(range(1, 120)))) == 2
    assert "export tasks, at most 200 are allowed" in capsys.readouterr().err


@pytest.mark.parametrize("orbits", [None, [22], [22, 146]])
def test_a_request_without_scenes_is_empty_with_its_reason_however_orbits_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], orbits: list[int] | None
) -> None:
    named: dict[str, Any] = {"start": "2013-01-01", "end": "2013-02-01"}
    named |= {"orbits": orbits} if orbits else {}
    assert run(tmp_path, written(tmp_path, **named)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "EMPTY"
    assert [each["code"] for each in told["reasons"]] == ([] if orbits else ["no_scenes"])
    assert {task["state"] for task in told["tasks"]} == ({"EMPTY"} if orbits else set())
    for task in told["tasks"]:
        assert task["notes"][0].startswith(f"empty: no scene of orbit {task['orbit']} ")
        assert task["files"] == []


def test_status_tells_what_the_summary_does(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    assert main(["status", "x", "--out", str(folder / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert told.pop("waiting") == []
    assert told == {name: summary[name] for name in told}
    assert told["labels"] == {"team": "forest"}
    files = [name for task in told["tasks"] for name in task["files"]]
    assert files
    assert all((folder / "out" / name).is_file() for name in files)


def test_synthetic_scenes_are_told_wherever_a_person_looks(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    out = folder / "out"
    for command in (["run", str(folder / "message.json")], ["status", "x"]):
        assert main([*command, "--out", str(out)]) == 0
        assert "SYNTHETIC: computed from invented scenes" in capsys.readouterr().out
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["synthetic"] is True
    files = [name for task in summary["tasks"] for name in task["files"]]
    assert [name.replace(".tif", ".png") for name in files] == summary["quicklooks"]
    assert [name.replace(".tif", ".qml") for name in files] == summary["styles"]
    for picture in summary["quicklooks"]:
        with Image.open(out / picture) as image:
            assert image.info["Description"].startswith("SYNTHETIC")
    for style in summary["styles"]:
        assert "synthetic" in (out / style).read_text(encoding="utf-8")
    bucket = Buckets(out)
    for name in files:
        kept = bucket.object(*name.split("/", 1)).metadata.texts
        assert kept["s1ratio-scenes"] == "synthetic"
        assert kept["s1ratio-bands"] == "vvvh_db_median; vvvh_db_stdDev; vvvh_db_count"
        assert kept["s1ratio-units"] == "dB; dB; passes"
        with rasterio.open(out / name) as file:
            assert not {"units", "scale"} & {key.lower() for key in file.tags() | file.tags(1)}


@pytest.mark.parametrize("command", ["run", "earthengine"])
def test_a_folder_of_synthetic_scenes_takes_no_others(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    scenes = folder / "scenes"
    write_item(scenes, "one", {"red": Tiff(np.ones((4, 6), "uint8"))})
    named = [str(folder / "message.json")] if command == "run" else ["--port", "0"]
    arguments = [command, *named, "--out", str(folder / "out"), "--catalog", str(scenes)]
    assert main(arguments) == 2
    err = capsys.readouterr().err.splitlines()[-1]
    assert "out holds what was computed from synthetic scenes" in err
    assert err.endswith("name another folder by --out")


def assert_one_line(captured: pytest.CaptureFixture[str], *words: str) -> None:
    err = captured.readouterr().err
    assert "Traceback" not in err
    last = err.strip().splitlines()[-1]
    assert last.startswith("s1ratio: ")
    assert all(word in last for word in words), last


def test_outputs_that_were_deleted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (folder / "out").rglob("*.tif"):
        file.unlink()
    assert run(folder, str(folder / "message.json")) == 1
    assert_one_line(capsys, ".tif was exported and is gone", "`s1ratio resubmit x --out ")


def test_outputs_that_are_no_pictures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (folder / "out").rglob("*.tif"):
        file.write_bytes(b"junk")
    assert run(folder, str(folder / "message.json")) == 1
    assert_one_line(capsys, ".tif")


def test_a_folder_in_use(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(folder / "out" / ".s1ratio" / "earthengine")
    try:
        assert run(folder, str(folder / "message.json")) == 2
    finally:
        ledger.close()
    assert_one_line(capsys, "is in use by another run, or by a local Earth Engine", "--out")


def test_a_store_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    state = tmp_path / "out" / ".s1ratio"
    state.mkdir(parents=True)
    (state / "store.sqlite").write_text("junk " * 100)
    assert main(["status", "x", "--out", str(tmp_path / "out")]) == 1
    assert_one_line(capsys, "no SQLite database", "move it")
    assert run(tmp_path, written(tmp_path)) == 1
    assert_one_line(capsys, "no SQLite database", "move it")


@pytest.mark.parametrize("room", [20_000, 90_000, 300_000])
def test_a_run_that_meets_a_full_disk_goes_on_when_there_is_room(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], room: int
) -> None:
    message = written(tmp_path)
    with files_end_at(room):
        assert run(tmp_path, message) == 1
    assert_one_line(capsys, "out/", "see that it has room and is well, then do the same again")
    out = tmp_path / "out"
    assert not [path for path in out.rglob("*") if path.suffix in {".png", ".json", ".vrt"}]
    assert run(tmp_path, message) == 0
    assert outcome(out) == outcome(finished / "out")


def outcome(out: Path) -> list[tuple[str, str, list[str]]]:
    """Return what a run's tasks came to: their ids, states and files."""
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return [(task["id"], task["state"], task["files"]) for task in summary["tasks"]]


@pytest.mark.parametrize("name", ["store.sqlite", "earthengine/operations.sqlite3"])
def test_a_damaged_file_is_told_and_moved_away_the_run_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = folder / "out" / ".s1ratio" / name
    path.write_bytes(path.read_bytes()[:5_000])
    assert run(folder, str(folder / "message.json")) == 1
    assert_one_line(capsys, f"{path}: it is damaged", "put a copy of it back, or move it")
    path.rename(folder / "kept")
    assert run(folder, str(folder / "message.json")) == 0


def test_a_request_that_is_none_of_ours_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "out" / ".s1ratio" / "store.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE requests SET document = '[]'")
    for command in (["run", str(folder / "message.json")], ["status", "x"], ["cancel", "x"]):
        assert main([*command, "--out", str(folder / "out")]) == 1
        assert_one_line(capsys, "requests/x in the store is no document", "put it right")


def test_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").touch()
    assert run(tmp_path, written(tmp_path)) == 1
    assert_one_line(capsys, "out")


def test_a_catalogue_without_items(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "items").mkdir()
    arguments = ["run", written(tmp_path), "--out", str(tmp_path / "out")]
    assert main([*arguments, "--catalog", str(tmp_path / "items")]) == 2
    assert_one_line(capsys, "holds no STAC item")


def test_a_catalogue_with_faults_tells_each_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = tmp_path / "items"
    for number in range(3):
        said = {"proj:transform": [500_000 + number, 10, 0, 5_000_000, 0, -10]}
        raster = {"red": Tiff(np.ones((4, 6), "uint8"))}
        write_item(items, f"item{number}", raster, properties=said)
    arguments = ["run", written(tmp_path), "--out", str(tmp_path / "out")]
    assert main([*arguments, "--catalog", str(items)]) == 2
    out, err = capsys.readouterr()
    first, *lines = err.splitlines()
    assert (out, first) == ("", f"{items}: 3 faults")
    for number, line in enumerate(lines):
        where = f"{items / f'item{number}.json'}: properties.proj:transform"
        assert line.startswith(f"  {where}: item{number}-red.tif has ")
