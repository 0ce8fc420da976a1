"""What somebody meets who types the command for the first time."""

import json
from pathlib import Path

import pytest

from s1ratio.cli.main import COMMANDS, main

Capture = pytest.CaptureFixture[str]
PERIOD = ["--start", "2023-05-01", "--end", "2023-07-01"]


def test_without_a_command_all_are_shown(capsys: Capture) -> None:
    assert main([]) == 2
    shown = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert set(COMMANDS) <= shown


def test_a_point_without_a_radius_is_told_how_one_is_typed(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S1RATIO_PROJECT", "my-project")
    assert main(["publish", "POINT (15 48)", *PERIOD]) == 2
    assert "LON,LAT,KM, such as 15.1,48,5" in capsys.readouterr().err


def test_a_period_before_any_satellite_is_told_what_would_become_of_it(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "m.json"
    message = {"aoi": {"bbox": [15, 48, 15.1, 48.1]}, "start": "2010-05-01", "end": "2010-06-01"}
    path.write_text(json.dumps(message))
    assert main(["validate", str(path)]) == 0
    assert "it would end EMPTY: choose days" in capsys.readouterr().out
    path.write_text(json.dumps({**message, "start": "2023-05-01", "end": "2023-06-01"}))
    assert main(["validate", str(path)]) == 0
    assert "EMPTY" not in capsys.readouterr().out


def test_one_invalid_feature_is_one(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S1RATIO_PROJECT", "my-project")
    path = tmp_path / "a.geojson"
    shape = {"type": "Point", "coordinates": [15, 48]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    assert main(["publish", str(path), *PERIOD, "--each"]) == 2
    assert "1 invalid feature:" in capsys.readouterr().err
