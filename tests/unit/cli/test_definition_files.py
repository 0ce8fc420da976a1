"""Files of feeds, rules and silences: what a newcomer writes into them, and where."""

import json
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.records import Definition, Kind
from s1ratio.cli.main import main
from s1ratio.errors import Conflict
from s1ratio.services.alerts.definitions import apply, propose
from tests.support.alert_world import documents
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0

SILENCE = {"name": "drill", "reason": "an exercise", "ends_at": "2100-01-01T00:00:00Z"}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    return str(tmp_path / "out")


def written(tmp_path: Path, document: Any, name: str = "file.json") -> str:
    path = tmp_path / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def test_applying_makes_the_store_of_a_fresh_folder_and_trying_does_not(out: str) -> None:
    assert main(["feeds", "apply", "shipped", "--out", out, "--dry-run"]) == 2
    assert not Path(out).exists()
    assert main(["feeds", "apply", "shipped", "--out", out]) == 0
    assert main(["feeds", "show", "usgs", "--out", out]) == 0


def test_yaml_says_the_same_as_json(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """
- name: drill
  hazard: flood
  reason: an exercise
  ends_at: 2100-01-01T00:00:00Z
- {name: other, hazard: fire, reason: another one, ends_at: "2100-01-01T00:00:00Z"}
"""
    assert main(["silences", "apply", written(tmp_path, text, "s.yaml"), "--out", out]) == 0
    capsys.readouterr()
    assert main(["silences", "show", "drill", "--out", out]) == 0
    assert json.loads(capsys.readouterr().out)["document"] == {**SILENCE, "hazard": "flood"}
    bad = written(tmp_path, "name: [drill\nhazard: flood\n", "s.yml")
    assert main(["silences", "apply", bad, "--out", out]) == 2
    assert "line 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"hazard": "flod"}, "hazard", "no hazard flod is known: flood?"),
        ({"rule": "floods"}, "rule", "no rule floods is known: flood?"),
        ({"feed": "gdac"}, "feed", "no feed gdac is known: gdacs?"),
        ({"owner": "nobody"}, "owner", "no owner nobody is known"),
        ({"incident": "i-0123456789"}, "incident", "s1ratio incidents list"),
        ({"hazard": "flood", "ends_at": "2020-01-01T00:00:00Z"}, "ends_at", "is over"),
    ],
)
def test_a_silence_that_would_cover_nothing_is_refused(  # noqa: PLR0917
    out: str,
    tmp_path: Path,
    changes: dict[str, str],
    path: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in ("feeds", "rules"):
        assert main([command, "apply", "shipped", "--out", out]) == 0
    file = written(tmp_path, [{**SILENCE, "name": "good", "hazard": "flood"}, SILENCE | changes])
    assert main(["silences", "apply", file, "--out", out]) == 2
    said = capsys.readouterr().err
    assert f"[drill].{path}" in said
    assert words in said
    assert main(["silences", "list", "--out", out]) == 0
    assert capsys.readouterr().out == "no silences\n"


def test_a_file_of_several_is_applied_whole_or_not_at_all(tmp_path: Path) -> None:
    feeds = documents("feeds")
    with SqliteStore(tmp_path / "store.db") as store:
        proposals = propose(store, Kind.FEED, feeds, T0)
        late = Definition(Kind.FEED, feeds[-1]["name"], {}, T0)
        store.save_definition(late, None)  # somebody else writes the last of them meanwhile
        with pytest.raises(Conflict):
            apply(store, proposals)
        assert [one.name for one in store.get_definitions(Kind.FEED)] == [late.name]


@pytest.mark.parametrize("words", ["list nonsense", "schema nonsense"])
def test_more_words_than_an_action_takes_are_refused(
    out: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("feeds", "rules", "silences"):
        assert main([command, *words.split(), "--out", out]) == 2
        assert "'nonsense'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["gdacs.json", "20260399T060000Z-gdacs.json"])
def test_a_replay_names_the_files_that_it_passes_over(
    out: str, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / name).write_bytes(samples.gdacs(samples.gdacs_event()))
    replay = ["rules", "replay", str(folder), "--out", out]
    assert main(replay) == 1
    assert name in capsys.readouterr().err
    event = samples.gdacs_event(alertlevel="Green")
    (folder / "20260304T060000Z-gdacs.json").write_bytes(samples.gdacs(event))
    assert main([*replay, "--json"]) == 0
    streams = capsys.readouterr()
    assert name in streams.err
    assert json.loads(streams.out)["passed_over"] == [name]
    assert main(replay) == 0
    assert capsys.readouterr().out.startswith("1 message, 1 alert: 0 incidents, 0 requests\n")
