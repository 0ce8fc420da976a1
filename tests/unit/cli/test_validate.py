"""`s1ratio validate` and `s1ratio schema`, as they are typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.earth_engine import EarthEngineClient
from s1ratio.cli.main import main
from s1ratio.earth_engine_errors import fault_of
from s1ratio.plan import OrbitPass
from s1ratio.request import CompositeRequest
from tests.support.json_schema import accepts
from tests.support.messages import message
from tests.unit.aoi.test_areas import REFUSED as REFUSED_AREAS
from tests.unit.request.test_message_fields import ACCEPTED


@pytest.fixture(autouse=True)
def _no_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("S1RATIO_PROJECT", "S1RATIO_BUCKET", "S1RATIO_MAX_AREA_KM2"):
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, **fields: Any) -> str:
    path = folder / "message.json"
    path.write_text(json.dumps(message(**fields)), encoding="utf-8")
    return str(path)


def shapes(told: dict[str, Any]) -> list[list[int]]:
    return [task["shape"] for task in told["tasks"]]


def test_validate_says_what_comes_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", written(tmp_path, orbits=[58], direction="ASCENDING")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "what comes out: 350,452,644 values (pixels × bands), 1,869,080,768 bytes" in out


@pytest.mark.parametrize(
    "priorities",
    [("", 100, 100), ("", 101, 100), ("", 9999, 100), ("500", 400, 400), ("0", 7, 0)],
)
def test_validate_says_which_priority_is_taken(
    priorities: tuple[str, int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ceiling, asked, taken = priorities
    monkeypatch.setenv("S1RATIO_MAX_PRIORITY", ceiling)
    path = written(tmp_path, priority=asked)
    assert main(["validate", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["priority"] == taken
    assert main(["validate", path]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert (f"priority {asked} was asked for and is taken as {taken}" in out) == (asked > taken)


def test_validate_refuses_what_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("S1RATIO_MAX_REQUEST_VALUES", "1e8")
    assert main(["validate", written(tmp_path, orbits=[58], direction="ASCENDING")]) == 2
    assert "at most 100,000,000 are allowed: choose a coarser" in capsys.readouterr().err


def test_validate_shows_the_resolved_request_and_its_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, preset="notebook", request_id="nb", statistics=["median"])
    assert main(["validate", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["request_id"] == "nb"
    assert told["request"]["collection"] == "COPERNICUS/S1_GRD"
    assert told["request"]["valid_range"] == {"vvdvh_notebook": [-5, 5]}
    assert told["bands"] == ["VVdVH_median"]
    assert [task["id"] for task in told["tasks"]] == ["nb-o058a", "nb-o131a"]
    assert told["tasks"][0]["object"] == "composites/nb/nb-o058a.tif"
    assert told["values"] == sum(rows * columns for rows, columns in shapes(told))
    assert told["output_bytes"] == sum(rows * columns * 16 // 3 for rows, columns in shapes(told))
    assert told["area_km2"] == pytest.approx(11_650, rel=0.01)


def test_validate_says_that_orbits_are_found_at_launch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, request_id="later")
    assert main(["validate", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {told[name] for name in ("orbits", "values", "output_bytes")} == {"found at launch"}
    assert main(["validate", path]) == 0
    out = capsys.readouterr().out
    assert "orbits: found at launch" in out
    assert "request later" in out


def test_validate_names_the_day_a_future_period_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC).date()
    end = today + timedelta(days=300)
    path = written(tmp_path, start=str(today), end=str(end))
    assert main(["validate", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["not_before"]
    assert told == f"{end + timedelta(days=2)}T00:00:00+00:00"
    assert main(["validate", written(tmp_path, start=str(today), end=str(end.replace(year=2090)))])
    assert "days ahead, at most 366 are allowed" in capsys.readouterr().err


def test_validate_prints_every_fault_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, start="soon", orbits=[0], colour="red")
    assert main(["validate", path]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "3 faults" in streams.err
    for words in ("start: must be a day", "orbits[0]: must be at least 1", "colour: unknown field"):
        assert words in streams.err


def test_validate_uses_the_deployments_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("S1RATIO_MAX_AREA_KM2", "10")
    assert main(["validate", written(tmp_path)]) == 2
    assert "at most 10 km²" in capsys.readouterr().err
    monkeypatch.setenv("S1RATIO_MAX_AREA_KM2", "ten")
    assert main(["validate", written(tmp_path)]) == 2
    assert "S1RATIO_MAX_AREA_KM2" in capsys.readouterr().err


def test_a_missing_file_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["validate", str(tmp_path / "none.json")])
    assert stopped.value.code == 2
    assert "is no file" in capsys.readouterr().err


@pytest.fixture
def schema(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["schema"]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def test_the_schema_asks_for_three_fields_alone(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["aoi", "start", "end"]
    assert schema["additionalProperties"] is False


def test_the_schema_takes_what_the_validator_takes(schema: dict[str, Any]) -> None:
    for field, value in ACCEPTED:
        assert accepts(schema, message(**{field: value})), (field, value)


# What a schema can't say: relations between values, and the shapes of areas.
@pytest.mark.parametrize(
    "fields",
    [
        {"version": 2},
        {"version": True},
        {"request_id": "A"},
        {"aoi": ...},
        {"start": ...},
        {"start": 5},
        {"preset": "x"},
        {"collection": "x"},
        {"orbits": []},
        {"orbits": [0]},
        {"orbits": ["1"]},
        {"direction": "x"},
        {"platforms": ["E"]},
        {"angle": "x"},
        {"angle": {"minimum": 3}},
        {"angle": {"min": 91}},
        {"speckle": {}},
        {"speckle": {"filter": "lee"}},
        {"speckle": {"filter": "boxcar", "radius_m": 10}},
        {"speckle": {"filter": "focal_median", "radius_m": 0}},
        {"products": []},
        {"products": ["x"]},
        {"valid_range": {"x": [0, 1]}},
        {"valid_range": {"vvvh_db": [1]}},
        {"statistics": ["x"]},
        {"grid": {"crs": "utm32"}},
        {"grid": {"scale": 0}},
        {"clip": 1},
        {"destination": {"prefix": "x"}},
        {"destination": {"kind": "gcs", "folder": "x"}},
        {"priority": 10_000},
        {"labels": {"a": 1}},
        {"labels": {"a": "x" * 64}},
        {"labels": {str(i): "" for i in range(33)}},
        {"colour": "red"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_validator_refuses(
    schema: dict[str, Any], fields: dict[str, Any], tmp_path: Path
) -> None:
    assert main(["validate", written(tmp_path, **fields)]) == 2
    assert not accepts(schema, message(**fields))


def test_the_schema_refuses_areas_of_the_wrong_form(schema: dict[str, Any]) -> None:
    forms = [value for value, _, words in REFUSED_AREAS if "GeoJSON" in words or "list" in words]
    assert len(forms) > 5
    for value in forms:
        assert not accepts(schema, message(aoi=value)), value


def test_validate_says_what_an_orbit_near_the_equator_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, aoi={"bbox": [11.4, -0.3, 11.6, 0.9]}, orbits=[175])
    assert main(["validate", path]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "orbit 175 is made of slices of 175 and, north of the node, of 1" in out


SMALL = {"aoi": {"bbox": [15.10, 48.00, 15.12, 48.01]}, "start": "2023-05-01", "end": "2023-07-01"}


def test_validate_says_what_comes_out_of_each_orbit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(SMALL), encoding="utf-8")
    assert main(["validate", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["per_orbit"]
    assert told == {"tasks": 1, "pixels": 16912, "values": 50736, "output_bytes": 270592}


@pytest.mark.parametrize(
    ("fields", "orbits"),
    [
        ({}, [22, 73, 146]),
        ({"direction": "DESCENDING"}, [22]),
        ({"orbits": [73, 146]}, [73, 146]),
        ({"orbits": [1, 22]}, [22]),
        ({"orbits": [1]}, None),
        ({"start": "2013-05-01", "end": "2013-07-01"}, None),
    ],
)
def test_validate_finds_the_orbits(
    fields: dict[str, Any],
    orbits: list[int] | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(SMALL | fields), encoding="utf-8")
    status = main(["validate", str(path), "--find-orbits", "--json"])
    told = json.loads(capsys.readouterr().out)
    if orbits is None:
        assert (status, told["faults"][0]["code"]) == (2, "no_scenes")
    else:
        assert (status, told["orbits"]) == (0, orbits)
        assert told["pixels"] == 16912 * len(told["tasks"])


KENYA = SMALL | {"aoi": {"bbox": [36.78, 0.80, 36.80, 0.82]}, "end": "2023-06-01"}


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (SMALL | {"orbits": [1]}, 2, "there are scenes of 22 DESCENDING, 73 ASCENDING, 146"),
        (SMALL | {"orbits": [22], "direction": "ASCENDING"}, 2, "no scene of orbit 22 meets"),
        (SMALL | {"orbits": [73, 1]}, 0, "no scene of orbit 1 meets the area in the period"),
        (KENYA | {"orbits": [58]}, 2, "south of its ascending node: 57 may be meant"),
        (KENYA | {"orbits": [58]}, 2, "there are scenes of 57 ASCENDING, 79 DESCENDING"),
        (KENYA | {"orbits": [79, 58]}, 0, "south of its ascending node: 57 may be meant"),
        (SMALL | {"start": "2013-05-01", "end": "2013-07-01", "orbits": [22]}, 2, "widen the per"),
    ],
)
def test_validate_says_which_of_the_orbits_that_are_named_have_no_scene(
    sent: dict[str, Any],
    status: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(sent), encoding="utf-8")
    assert main(["validate", str(path), "--find-orbits", "--json"]) == status
    told = json.loads(capsys.readouterr().out)
    said = told["notes"] if status == 0 else [fault["message"] for fault in told["faults"]]
    assert any(words in each for each in said)


def test_validate_says_nothing_of_orbits_that_have_scenes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(SMALL | {"orbits": [22, 73]}), encoding="utf-8")
    assert main(["validate", str(path), "--find-orbits", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == []


NO_ITEM = '{"type": "Feature", "stac_version": "1.0.0", "id": "x"}'


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        ({}, 0),
        ({"a.json": "{"}, 0),
        ({"a.json": NO_ITEM}, 0),
        ({"a.json": NO_ITEM, "b.json": "{"}, 2),
        ({"a.json": NO_ITEM, "b.json": NO_ITEM, "c.json": NO_ITEM}, 3),
        ({"readme.txt": "hello"}, 0),
    ],
)
def test_a_folder_that_is_no_catalogue_is_told_in_lines(
    files: dict[str, str], faults: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = tmp_path / "message.json", tmp_path / "scenes"
    path.write_text(json.dumps(SMALL), encoding="utf-8")
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    words = ["validate", str(path), "--find-orbits", "--catalog", str(folder)]
    assert main([*words, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert str(folder) in told["error"]
    assert len(told["faults"]) == faults
    assert main(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == faults + 1


def test_validate_asks_in_parts_where_a_year_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []
    find_passes = EarthEngineClient.find_passes

    def limited(client: EarthEngineClient, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        asked.append(request.end - request.start)
        if asked[-1] > timedelta(days=8):
            raise fault_of("User memory limit exceeded.", 400)
        return find_passes(client, request)

    monkeypatch.setattr(EarthEngineClient, "find_passes", limited)
    path = tmp_path / "message.json"
    path.write_text(json.dumps(SMALL | {"end": "2023-06-14"}), encoding="utf-8")
    assert main(["validate", str(path), "--find-orbits", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["orbits"] == [22, 73, 146]
    assert len(asked) > 2
