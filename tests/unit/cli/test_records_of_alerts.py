"""`incidents`, `watches` and `why` over a store: what they list and show, and whom they obey."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.records import Kind
from s1ratio.cli import screen
from s1ratio.cli.main import main
from tests.support.alert_world import AlertWorld, documents
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0
from tests.unit.cli.test_hostile_text import HOSTILE
from tests.unit.services.alerts.test_watches import A_DAY, START, begin
from tests.unit.services.alerts.watch_world import opened_world


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a store of one flood, whose track is waited for."""
    folder = tmp_path_factory.mktemp("records")
    with opened_world(folder, START) as world:
        world.see_passes(T0 - 40 * A_DAY, T0)
        begin(world)
    (database,) = folder.glob("*.db")
    kept = folder / ".s1ratio" / "store.sqlite"
    kept.parent.mkdir()
    database.rename(kept)
    return str(folder)


@pytest.fixture(autouse=True)
def _no_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_is_listed_can_be_shown(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    (incident,) = told(capsys, "incidents", "list", "--out", out)["incidents"]
    assert (incident["hazard"], incident["state"]) == ("flood", "ACTIVE")
    assert told(capsys, "incidents", "show", incident["id"], "--out", out) == incident
    (watch,) = told(capsys, "watches", "list", "--out", out)["watches"]
    assert (watch["incident"], watch["state"]) == (incident["id"], "EXPECTED")
    assert told(capsys, "watches", "show", watch["id"], "--out", out) == watch
    every = told(capsys, "watches", "list", "--all", "--incident", incident["id"], "--out", out)
    assert {one["state"] for one in every["watches"]} == {"EXPECTED", "NOT_ACQUIRED"}
    assert told(capsys, "watches", "list", "--incident", "i-none", "--out", out) == {"watches": []}


def test_people_read_tables_and_lines(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    (watch,) = told(capsys, "watches", "list", "--out", out)["watches"]
    for words in (["watches", "list"], ["watches", "show", watch["id"]]):
        assert main([*words, "--out", out]) == 0
        text = capsys.readouterr().out
        assert watch["id"] in text
        assert "EXPECTED" in text
    assert main(["incidents", "show", watch["incident"], "--out", out]) == 0
    assert "gdacs:FL/1200345" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("watches show", 2, "show takes an id"),
        ("watches list w-1", 2, "list takes no id"),
        ("watches show w-1", 1, "no watch w-1 is known"),
        ("incidents show i-1", 1, "no incident i-1 is known"),
        ("incidents list --max 0", 2, "1 to 10000"),
    ],
)
def test_what_cannot_be_shown_is_told(
    out: str, words: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = main([*words.split(), "--out", out])
    except SystemExit as end:
        found = int(end.code or 0)
    assert found == status
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("columns", "in_one_line"), [(60, False), (160, True)])
def test_why_folds_its_words_where_a_terminal_is_narrow(
    out: str,
    columns: int,
    in_one_line: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (watch,) = told(capsys, "watches", "list", "--out", out)["watches"]
    shown = io.StringIO()
    console = Console(file=shown, width=columns, force_terminal=True, color_system=None)
    monkeypatch.setattr(screen, "open_console", lambda: console)
    assert main(["why", watch["incident"], "--out", out]) == 0
    lines = shown.getvalue().splitlines()
    (head,) = (i for i, line in enumerate(lines) if f"watch {watch['id']}" in line)
    assert ("passes about" in lines[head]) is in_one_line
    if not in_one_line:
        assert lines[head].endswith("EXPECTED")
        assert "passes about" in lines[head + 1]
        assert all(len(line) <= columns for line in lines if line.startswith("    "))


def test_what_an_alert_says_never_acts_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its id, its names and label, its feed's broken items; and a silence's words."""
    payload = tmp_path / "alert.json"
    payload.write_bytes(samples.gdacs(*map(evil_event, range(len(HOSTILE)), HOSTILE.values())))
    (tmp_path / ".s1ratio").mkdir()
    world = AlertWorld(tmp_path, shipped=False)
    world.store.close()
    world.store = SqliteStore(tmp_path / ".s1ratio" / "store.sqlite")
    world.apply(Kind.FEED, *documents("feeds"))
    world.apply(Kind.RULE, *documents("rules"))
    kept = world.record(payload.read_bytes(), "gdacs", evil="x")
    world.tick(minutes=11)
    incidents = [one.id for one in world.incidents]
    ends_at = (world.clock.now() + timedelta(days=9)).isoformat()
    words = "because " + "".join(one for one in HOSTILE.values() if "\ud800" not in one)
    world.apply(Kind.SILENCE, {"name": "s", "hazard": "flood", "ends_at": ends_at, "reason": words})
    world.tick(minutes=1)
    world.store.close()
    test = ["rules", "test", "all", str(payload), "--feed", "gdacs", "--at", "2026-03-05T00:00:00Z"]
    lists = [["incidents", "list"], ["watches", "list"], ["silences", "list"]]
    names = [kept.message, *incidents, *(one for one in kept.ids if "\x00" not in one)]
    shows = [["incidents", "show", name] for name in incidents]
    for typed in (test, *lists, *(["why", name] for name in names), *shows):
        main([*typed, "--out", str(tmp_path)])
        streams = capsys.readouterr()
        text = streams.out + streams.err
        assert text
        assert [c for c in text if not c.isprintable() and c not in "\n\xa0"] == [], typed


def evil_event(number: int, evil: str) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [-170 + 17.0 * number, 45.0]}
    names = {"glide": f"FL-{evil}", "name": evil, "country": evil, "eventid": f"1{number}{evil}"}
    when = {"fromdate": evil} if number % 3 == 0 else {}
    return samples.gdacs_event(geometry=place, **names, **when)
