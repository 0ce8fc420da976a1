"""`s1ratio regions`: the difference first, all of it or nothing, and what a region may not do."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from s1ratio.cli.main import main
from s1ratio.embedded.region_ticks import made_since
from tests.support.simulated.regions import RegionWorld, region_data

FILE = """\
version: 1
regions:
  - id: vienna
    aoi: {bbox: [16.2, 48.1, 16.5, 48.3]}
    schedule: {cron: 30 2 1 * *, zone: Europe/Vienna}
    period: {kind: calendar, unit: month}
    budget: {eecu_seconds: 100}
    owner: us
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("S1RATIO_PROJECT", "S1RATIO_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "regions.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def call(folder: Path, *words: str) -> int:
    return main(["regions", *words, "--out", str(folder / "out")])


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


def apply(folder: Path, *more: str) -> int:
    return call(folder, "apply", str(folder / "regions.yaml"), *more)


def test_the_difference_is_shown_and_nothing_written_without_consent(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(folder) == 2
    told = capsys.readouterr()
    assert "vienna: new" in told.out
    assert 'owner: "us"' in told.out
    assert "--yes" in told.err
    assert apply(folder, "--dry-run") == 0
    capsys.readouterr()
    assert call(folder, "list", "--json") == 0
    assert answer(capsys) == {"regions": []}


def test_a_file_is_applied_and_again_changes_what_differs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(folder, "--yes") == 0
    assert apply(folder, "--yes") == 0
    assert "vienna: as it is" in capsys.readouterr().out
    path = folder / "regions.yaml"
    path.write_text(FILE.replace("owner: us", "owner: them"), encoding="utf-8")
    assert apply(folder, "--yes", "--json") == 0
    found = answer(capsys)["regions"]
    assert found == [
        {
            "region": "vienna",
            "change": "edit",
            "fields": [{"field": "owner", "was": '"us"', "became": '"them"'}],
        }
    ]
    assert call(folder, "history", "vienna", "--json") == 0
    assert [one["kind"] for one in answer(capsys)["history"]] == ["edited", "created"]


def test_one_bad_region_and_none_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = FILE[FILE.index("  - id") :].replace("vienna", "linz").replace("30 2 1", "30 * 1")
    (folder / "regions.yaml").write_text(FILE + bad, encoding="utf-8")
    assert apply(folder, "--yes") == 2
    told = capsys.readouterr().err
    assert "regions[1].schedule.cron: line 11: " in told
    assert call(folder, "list") == 2, "there is not even a store"


def test_show_says_what_is_limited_where_there_is_no_history(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(folder, "--yes")
    capsys.readouterr()
    assert call(folder, "show", "vienna") == 0
    told = capsys.readouterr().out
    assert "ACTIVE" in told
    assert "no history: only the number of requests is limited" in told


def test_moves_are_told_and_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apply(folder, "--yes")
    assert call(folder, "pause", "vienna", "--why", "holidays") == 0
    assert call(folder, "run", "vienna") == 1
    assert "resume it" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call(folder, "resume", "vienna")
    assert "--catch-up" in capsys.readouterr().err
    assert call(folder, "resume", "vienna", "--from-now") == 0
    assert call(folder, "run", "vienna", "--json") == 0
    capsys.readouterr()
    assert call(folder, "backfill", "vienna", "--from", "2024-05-01", "--to", "2024-04-01") == 1
    assert "no stretch of the past" in capsys.readouterr().err
    assert call(folder, "backfill", "vienna", "--from", "2024-01-01", "--to", "2024-04-01") == 0
    assert call(folder, "end", "vienna") == 0
    assert call(folder, "show", "linz") == 1
    assert call(folder, "pause", "linz") == 1
    capsys.readouterr()
    assert call(folder, "show", "vienna", "--json") == 0
    assert answer(capsys)["state"] == "ENDED"


def test_a_deployment_lives_by_its_own_clock(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("S1RATIO_PROJECT", "some-project")
    monkeypatch.setenv("S1RATIO_BUCKET", "bucket")
    words = ["regions", "apply", str(folder / "regions.yaml"), "--at", "2024-01-01"]
    assert main(words) == 2
    assert "--at is for a local run" in capsys.readouterr().err


@pytest.mark.parametrize("columns", [30, 50, 70, 80, 200])
def test_no_cell_of_the_list_is_torn(
    folder: Path, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    path = folder / "regions.yaml"
    path.write_text(FILE.replace("vienna", "a-region-of-16-c"), encoding="utf-8")
    assert apply(folder, "--yes") == 0
    assert call(folder, "pause", "a-region-of-16-c", "--why", "all are on holidays") == 0
    capsys.readouterr()
    assert call(folder, "list") == 0
    shown = capsys.readouterr().out
    for words in ("a-region-of-16-c", "PAUSED", "cron", "all are on holidays", "us"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= max(columns, len("  why all are on holidays"))


def test_history_tells_edits_field_by_field(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(folder, "--yes") == 0
    path = folder / "regions.yaml"
    edited = FILE.replace("owner: us", "note: for the river").replace(
        "eecu_seconds: 100", "requests: 2"
    )
    path.write_text(edited, encoding="utf-8")
    assert apply(folder, "--yes") == 0
    capsys.readouterr()
    assert call(folder, "history", "vienna") == 0
    newest, first = capsys.readouterr().out.splitlines()
    assert 'owner: "us" -> ""' in newest
    assert 'budget: {"eecu_seconds": 100.0, "requests": null} -> ' in newest
    assert 'id: "vienna"' in first
    for line in (newest, first):
        assert "\\" not in line, "nothing is quoted twice"
        assert len(line) < 1_200


def test_show_tells_the_state_that_a_request_has_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    world = RegionWorld(tmp_path)
    world.apply(region_data(note="Österreichs Flüsse"))
    world.go_to(datetime(2024, 7, 1, 6, tzinfo=UTC))
    world.refresh()
    for _ in range(40):  # the poller alone: the regions' own tick has not looked since
        world.clock.sleep(600)
        world.tick(0)
    (made,) = world.refreshes()
    assert made.request_state is None
    requested_at = made.made_at
    found = made_since(world.store, tmp_path, requested_at)
    world.close()
    (database,) = tmp_path.glob("*.db")
    (tmp_path / "out" / ".s1ratio").mkdir(parents=True)
    database.rename(tmp_path / "out" / ".s1ratio" / "store.sqlite")
    assert call(tmp_path, "show", "berlin") == 0
    text = capsys.readouterr().out
    assert "VERIFIED" in text
    assert "PUBLISHED" not in text
    assert "Österreichs Flüsse" in text
    assert [(one["id"], one["state"]) for one in found] == [(made.id, "VERIFIED")]
    assert all(name.startswith(str(tmp_path)) for name in found[0]["files"])
    assert found[0]["files"]


def test_a_tick_names_its_requests_and_their_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ticks(*_: Any) -> Any:
        made = {"id": "r-vienna-1", "region": "vienna", "state": "VERIFIED", "files": ["out/a.tif"]}
        counts = {"requested": 1, "revised": 0, "calls": 1, "troubles": []}
        yield datetime(2024, 7, 1, 3, tzinfo=UTC), {**counts, "requests": [made]}

    monkeypatch.setattr("s1ratio.embedded.region_ticks.tick_regions", ticks)
    assert call(folder, "tick") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2024-07-01 03:00 UTC: 1 request",
        "  r-vienna-1: VERIFIED",
        "    out/a.tif",
        "1 tick, 1 request",
    ]
    assert call(folder, "tick", "--json") == 0
    assert answer(capsys)["requests"][0]["id"] == "r-vienna-1"
