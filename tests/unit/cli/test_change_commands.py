"""`s1ratio cancel`, `retry` and `resubmit`, as they are typed, on the store of a local run."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.cli.main import main
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message

BAD = "Image.select: band 'XX' not found"


@pytest.fixture(autouse=True)
def _no_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world whose store lies where a local run in `tmp_path` keeps it."""
    made = World(tmp_path)
    made.close()
    folder = tmp_path / ".s1ratio"
    folder.mkdir()
    made.store = SqliteStore(folder / "store.sqlite")
    yield made
    made.close()


def typed(world: World, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Run a command with --json; return what it changed: (kind, id, was, now)."""
    before = world.ee.calls.total()
    assert main([*words, "--out", str(folder), "--json"]) == 0
    assert world.ee.calls.total() == before
    told = json.loads(capsys.readouterr().out)
    assert told["dry_run"] == ("--dry-run" in words)
    return [(each["kind"], each["id"], each["was"], each["now"]) for each in told["changes"]]


def test_a_request_is_cancelled_and_retried(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(orbits=[131]))
    would = typed(world, tmp_path, capsys, "cancel", "r1", "--dry-run")
    assert world.request().state is RequestState.ACCEPTED
    did = typed(world, tmp_path, capsys, "cancel", "r1", "--reason", "not  wanted\nany more")
    assert would == did
    assert did == [
        ("request", "r1", "ACCEPTED", "CANCELLED"),
        ("task", "r1-o131a", "PLANNED", "CANCELLED"),
    ]
    assert world.task().trouble.error == "not wanted any more"
    assert typed(world, tmp_path, capsys, "cancel", "r1") == []
    assert typed(world, tmp_path, capsys, "retry", "r1") == [
        ("request", "r1", "CANCELLED", "RUNNING"),
        ("task", "r1-o131a", "CANCELLED", "PLANNED"),
    ]
    command = datetime.now(UTC) - world.clock.now()  # it has the real time
    world.clock.sleep(command.total_seconds() + 1)
    world.until(world.settled)
    assert world.task().state is TaskState.VERIFIED


def test_tasks_by_id_state_and_class_of_error(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.ee.outcomes.extend([Outcome(error=BAD), Outcome(error=BAD)])
    world.launch()
    world.until(world.settled)
    retried = typed(world, tmp_path, capsys, "retry", "--error", "terminal", "--task", "r1-o058a")
    assert [name for _, name, _, _ in retried] == ["r1", "r1-o058a"]
    cancelled = typed(world, tmp_path, capsys, "cancel", "--state", "planned")
    assert [name for _, name, _, _ in cancelled] == ["r1-o058a"]
    again = typed(world, tmp_path, capsys, "resubmit", "r1", "--state", "FAILED")
    assert [name for _, name, _, _ in again] == ["r1", "r1-o131a"]


def test_a_request_is_raised(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(orbits=[131]))
    would = typed(world, tmp_path, capsys, "raise", "r1", "--priority", "500", "--dry-run")
    assert world.task().place.priority == 100
    did = typed(world, tmp_path, capsys, "raise", "r1", "--priority", "500")
    assert would == did
    assert did == [
        ("request", "r1", "priority 100", "priority 500"),
        ("task", "r1-o131a", "priority 100", "priority 500"),
    ]
    assert world.task().place.priority == world.request().priority == 500
    assert main(["raise", "none", "--priority", "5", "--out", str(tmp_path)]) != 0
    assert "no request none is known" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["-1", "10000", "0000010000", "1.5", "high", "", "٥", "9" * 5_000])
def test_a_priority_that_is_none_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["raise", "r1", f"--priority={text}", "--out", str(tmp_path)])
    assert "is no whole number from 0 to 9999" in capsys.readouterr().err


def test_what_was_done_is_told_as_a_table(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.launch()
    world.ticks(3)
    assert main(["cancel", "r1", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "r1-o131a" in told
    assert "RUNNING, to be cancelled" in told
    assert main(["retry", "--state", "failed", "--out", str(tmp_path)]) == 0
    assert "nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["cancel", "retry", "resubmit"])
def test_something_must_be_selected(
    command: str, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del world
    with pytest.raises(SystemExit) as stopped:
        main([command, "--out", str(tmp_path)])
    assert stopped.value.code == 2
    assert "name a request, or select by" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--state", "gone"], "gone is no state: one of PLANNED"),
        (["--error", "foo"], "foo is no class of errors: one of queue, quota"),
        (["--error", "StoreUnavailable"], "StoreUnavailable is no class of errors"),
        (["r1", "--reason", " "], "must have words"),
    ],
)
def test_what_makes_no_sense_is_bad_input(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["cancel", *words, "--out", str(tmp_path)])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["r9"], ["--task", "r9-o131a"]])
def test_what_is_not_known_is_named(
    words: list[str], world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del world
    assert main(["retry", *words, "--out", str(tmp_path)]) == 1
    assert f"{words[-1]} is known" in capsys.readouterr().err


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "words",
    ["cancel r1", "retry r1", "resubmit r1", "status r1", "why r1", "feeds list", "regions list"],
)
def test_where_there_is_no_deployment(
    words: str,
    named: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main([*words.split(), *(["--out", str(tmp_path)] if named else [])]) == 2
    told = capsys.readouterr().err
    assert "no local run in" in told
    assert "name the folder that `s1ratio run` left by --out" in told


def test_a_folder_that_is_named_comes_before_the_environments_deployment_before_the_usual_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    (tmp_path / "out").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S1RATIO_PROJECT", "some-project")
    monkeypatch.setenv("S1RATIO_BUCKET", "some-bucket")
    monkeypatch.setenv("S1RATIO_STORE", f"sqlite:{tmp_path / 'other.sqlite'}")
    assert main(["cancel", "r1"]) == 1
    assert "no request r1 is known" in capsys.readouterr().err
    assert world.request().state is RequestState.ACCEPTED
    assert main(["cancel", "r1", "--out", str(tmp_path / "elsewhere")]) == 2
    assert capsys.readouterr().err.startswith("no local run in ")
    assert main(["cancel", "r1", "--out", str(tmp_path)]) == 0
    assert world.request().state is RequestState.CANCELLED
    monkeypatch.delenv("S1RATIO_PROJECT")
    assert main(["status", "r1"]) == 0
    assert "CANCELLED" in capsys.readouterr().out


def test_status_says_that_a_cancel_is_under_way(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.launch(message(orbits=[131]))
    typed(world, tmp_path, capsys, "cancel", "r1", "--reason", "the [wrong] area")
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    assert "to be cancelled: the [wrong] area" in capsys.readouterr().out
    world.until(world.settled)
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "to be cancelled" not in told
    assert "r1-o131a: the [wrong] area\n" in told


def test_status_says_until_when_a_request_waits_for_its_period(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC)  # as the command tells it
    world.clock.sleep((today - world.clock.now()).total_seconds())
    end = today.date() + timedelta(days=100)
    world.launch(message(orbits=[131], end=str(end)))
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert (
        f"waits for the end of its period, and its last scenes, until {end + timedelta(days=2)}"
        in told
    )
    assert told.endswith(f"\nnot before {end + timedelta(days=2)}: the period is not over yet\n")
    main(["cancel", "r1", "--out", str(tmp_path)])
    world.tick()
    capsys.readouterr()
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    assert "not before" not in capsys.readouterr().out


def test_status_prints_the_name_of_each_file_on_one_line(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = "/".join(["a-prefix-of-some-length"] * 5)
    world.launch(message(orbits=[131], destination={"kind": "gcs", "prefix": folders}))
    world.until(world.settled)
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    assert f"{folders}/r1/r1-o131a.tif" in capsys.readouterr().out


def test_status_tells_the_parts_of_a_split_task(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    world.launch(message(orbits=[131]))
    world.until(world.settled)
    assert main(["status", "r1", "--out", str(tmp_path), "--json"]) == 0
    whole, *parts = json.loads(capsys.readouterr().out)["tasks"]
    assert whole["parts"] == [part["id"] for part in parts]
    assert {part["parent"] for part in parts} == {"r1-o131a"}
    assert whole["files"] == [name for part in parts for name in part["files"]]
    assert main(["status", "r1", "--out", str(tmp_path)]) == 0
    assert "r1-o131a-q3" in capsys.readouterr().out


def test_names_of_tasks_stay_whole_on_a_narrow_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "message.json"
    area = {"bbox": [15.10, 48.00, 15.12, 48.01]}
    days = {"start": "2023-05-01", "end": "2023-07-01"}
    path.write_text(json.dumps({"aoi": area, "orbits": [22, 146], **days}))
    assert main(["validate", str(path), "--json"]) == 0
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    assert main(["validate", str(path)]) == 0
    shown = capsys.readouterr().out
    assert len(tasks) == 2
    assert all(task["id"] in shown for task in tasks)
