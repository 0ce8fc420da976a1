"""`s1ratio feeds`, `rules`, `silences` and `why`, as they are typed."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.records import Kind
from s1ratio.alerts.schema import definition_schema
from s1ratio.cli.main import main
from tests.support.alert_world import AlertWorld, documents
from tests.unit.alerts import samples


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    SqliteStore(tmp_path / ".s1ratio" / "store.sqlite").close()
    return str(tmp_path)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_what_comes_along_is_applied_once(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "apply", "shipped", "--out", out, "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing was stored"
    for fate in ("new", "unchanged"):
        assert main(["feeds", "apply", "shipped", "--out", out, "--json"]) == 0
        assert {one["fate"] for one in told(capsys)["feeds"]} == {fate}
    assert main(["feeds", "list", "--out", out]) == 0
    assert "usgs: since" in capsys.readouterr().out
    assert main(["feeds", "show", "usgs", "--out", out]) == 0
    assert told(capsys)["document"]["items"] == "data.features || [data]"
    assert main(["feeds", "remove", "usgs", "--out", out]) == 0
    assert main(["feeds", "show", "usgs", "--out", out]) == 1


def test_a_file_with_a_fault_is_refused_whole(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = documents("rules")[:2]
    bad["feeds"][0]["filter"] = "a["
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([good, bad]))
    assert main(["rules", "apply", str(path), "--out", out]) == 2
    assert f"[{bad['name']}].feeds[0].filter" in capsys.readouterr().err
    assert main(["rules", "list", "--out", out, "--json"]) == 0
    assert told(capsys) == {"rules": []}


@pytest.mark.parametrize("text", ["{", '{"name": 5}', "[1]", "null", '"x"'])
def test_what_is_no_definition_is_refused(
    out: str, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    for command in ("feeds", "rules", "silences"):
        assert main([command, "apply", str(path), "--out", out]) == 2
        assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("rule", "payload", "incidents", "reasons"),
    [
        ("all", samples.gdacs(samples.gdacs_event()), 1, []),
        ("flood", samples.gdacs(samples.gdacs_event(alertlevel="Green")), 0, ["severity"]),
        ("fire", samples.gdacs(samples.gdacs_event()), 0, ["filter"]),
        ("all", samples.gdacs(samples.gdacs_event(fromdate="soon")), 0, ["broken_time"]),
        ("all", b"{", 0, ["unreadable"]),
    ],
)
def test_a_rule_is_tried(  # noqa: PLR0917 - what is tried, and with what
    tmp_path: Path,
    out: str,
    rule: str,
    payload: bytes,
    incidents: int,
    reasons: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "alert.json"
    path.write_bytes(payload)
    words = ["rules", "test", rule, str(path), "--feed", "gdacs", "--at", "2026-03-05T00:00:00Z"]
    assert main([*words, "--out", out, "--json"]) == 0
    found = told(capsys)
    assert len(found["incidents"]) == incidents
    assert [one["reason"] for one in found["why_not"]] == reasons
    assert main([*words, "--out", out]) == 0
    assert capsys.readouterr().out


def tried(tmp_path: Path, out: str, payload: bytes, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what a payload of GDACS or CAP is said to lead to, and the words for people."""
    path = tmp_path / "alert.json"
    path.write_bytes(payload)
    feed = "cap" if payload.startswith(b"<") else "gdacs"
    words = ["rules", "test", "all", str(path), "--feed", feed, "--at", "2026-03-05T00:00:00Z"]
    assert main([*words, "--out", out, "--json"]) == 0
    found = told(capsys)
    assert main([*words, "--out", out]) == 0
    return found, capsys.readouterr().out


def test_a_trial_tells_the_watches_and_their_requests(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, words = tried(tmp_path, out, samples.gdacs(samples.gdacs_event()), capsys)
    (incident,) = found["incidents"]
    watches = {one["id"].rpartition("-")[2]: one for one in incident["watches"]}
    assert watches.keys() >= {"18d"}, "track 18 flies over the place"
    # Relative orbit 18 was flown by C on 2026-03-07, by its orbit 1708 of 2025-04-02 on 137.
    assert watches["18d"]["expected_at"].startswith("2026-03-07T22:4")
    before, after = watches["18d"]["requests"]
    assert (before["role"], after["role"]) == ("before", "after")
    assert (before["priority"], after["priority"]) == (100, 100)
    assert before["start"] == "2026-01-27T06:00:00+00:00"
    assert after["id"].startswith(f"{watches['18d']['id']}-260307224")
    assert any("last 48 days" in note for note in found["notes"])
    assert all(text in words for text in (before["id"], after["id"], "2026-03-07 22:4", "48 days"))


def test_a_silence_that_is_stored_counts_in_a_trial(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "silence.json"
    silence = {"name": "s", "hazard": "flood", "reason": "an exercise"}
    file.write_text(json.dumps({**silence, "ends_at": "2030-04-01T00:00:00Z"}))
    assert main(["silences", "apply", str(file), "--out", out]) == 0
    capsys.readouterr()
    found, words = tried(tmp_path, out, samples.gdacs(samples.gdacs_event()), capsys)
    (incident,) = found["incidents"]
    assert (incident["wanted"], incident["watches"], found["notes"]) == (False, [], [])
    assert "a silence covers it" in words


def test_a_cancellation_alone_is_told_as_what_it_is(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = "water@met.example.kh,KH-2026-03-04-1,2026-03-04T13:00:00+07:00"
    payload = samples.cap("KH-2026-03-04-2", kind="Cancel", references=sent)
    found, _ = tried(tmp_path, out, payload, capsys)
    assert found["incidents"] == []
    assert [one["reason"] for one in found["why_not"]] == ["cancelled"]


def test_a_recorded_time_is_replayed(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    files = {
        "20260304T070000Z-gdacs.json": samples.gdacs(samples.gdacs_event()),
        "20260304T071000Z-cap.xml": samples.cap(),
        "20260304T080000Z-usgs.json": samples.usgs(samples.usgs_event(mag=4.6)),
        "20260305T080000Z-firms.csv": b"Invalid MAP_KEY.",
        "20260401T000000Z-gdacs.json": samples.gdacs(samples.gdacs_event(eventid=9)),
        "notes.txt": b"",
    }
    for name, payload in files.items():
        (folder / name).write_bytes(payload)
    words = ["rules", "replay", str(folder), "--to", "2026-03-20T00:00:00Z", "--out", out]
    assert main([*words, "--json"]) == 0
    found = told(capsys)
    assert (found["messages"], found["alerts"]) == (4, 3)
    (incident,) = found["incidents"]
    assert (incident["hazard"], incident["members"]) == ("flood", 2)
    assert found["reasons"] == {"filter": 1, "unreadable": 1}
    watches, requests = incident["watches"], found["requests"]
    assert {one["state"] for one in watches} == {"DELIVERED"}
    assert len({one["id"] for one in requests}) == len(requests) == 2 * len(watches) > 0
    assert Counter(one["role"] for one in requests) == {
        "before": len(watches),
        "after": len(watches),
    }
    assert {one["priority"] for one in requests} == {100}
    # Nothing is asked for before its pass can be listed.
    assert all(one["at"] > one["end"][:16] for one in requests)
    assert (found["eecu_seconds"], found["held"]) == ("no history", [])
    assert main(words) == 0
    assert "4 messages, 3 alerts: 1 incident, " in capsys.readouterr().out
    assert main(["rules", "replay", str(tmp_path / "recorded"), "--from", "2027-01-01"]) == 1


def test_why_prints_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    folder = tmp_path / ".s1ratio"
    folder.mkdir()
    world = AlertWorld(folder)
    done = world.record(
        samples.gdacs(samples.gdacs_event(), samples.gdacs_event(eventid=2, alertlevel="Green")),
        "gdacs",
    )
    world.tick(minutes=11)
    (incident,) = world.incidents
    world.close()
    (folder / "store.db").rename(folder / "store.sqlite")
    out = ["--out", str(tmp_path)]
    assert main(["why", "gdacs:FL/1200345", *out]) == 0
    chain = capsys.readouterr().out
    assert all(word in chain for word in (done.message, "MEMBER", incident.id, "ACTIVE", "wanted"))
    assert main(["why", "gdacs:FL/2", *out]) == 0
    assert "below the rule's gate" in capsys.readouterr().out
    assert main(["why", incident.id, *out, "--json"]) == 0
    assert told(capsys)["chain"][0]["what"] == "alert gdacs:FL/1200345"
    assert main(["why", "nobody", *out]) == 1


@pytest.mark.parametrize("kind", Kind)
def test_the_schema_takes_what_is_taken_and_refuses_what_is_refused(kind: Kind) -> None:
    schema = definition_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    right: list[Any] = documents(f"{kind.value}s") or [
        {
            "name": "s",
            "hazard": "flood",
            "reason": "an exercise",
            "ends_at": datetime(2026, 4, 1, tzinfo=UTC).isoformat(),
        }
    ]
    for document in right:
        check.validate(document)
        assert not check.is_valid({**document, "other": 1})
        assert not check.is_valid({k: v for k, v in document.items() if k != "name"})


@pytest.mark.parametrize("command", ["feeds", "rules", "silences"])
@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "there is nothing in it"),
        (b" \n", "there is nothing in it"),
        (b"[]", "there is nothing in it"),
        (b"\xff\xfe{\x00", "not UTF-8 text"),
        (b'"\xe4"', "not UTF-8 text"),
        (b"{", "not valid JSON"),
    ],
)
def test_a_file_with_nothing_to_apply_says_why(  # noqa: PLR0917
    out: str,
    tmp_path: Path,
    command: str,
    payload: bytes,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(payload)
    assert main([command, "apply", str(path), "--out", out]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "codec" not in told


@pytest.mark.parametrize("command", ["feeds", "rules", "silences"])
def test_an_unknown_field_is_looked_up_in_the_schema_of_its_own_kind(
    out: str, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.json"
    path.write_text('{"name": "a", "colour": "red"}')
    assert main([command, "apply", str(path), "--out", out]) == 2
    assert f"`s1ratio {command} schema`" in capsys.readouterr().err


def test_a_removal_that_is_only_asked_about_tells_what_it_would_do(
    out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, name in (("feeds", "usgs"), ("rules", "flood")):
        trial = [command, "remove", name, "--out", out, "--dry-run"]
        assert main(trial) == 1, "it is not there yet"
        assert f"no {command[:-1]} {name}" in capsys.readouterr().err
        assert main([command, "apply", "shipped", "--out", out]) == 0
        assert main(trial) == 0
        assert capsys.readouterr().out.endswith(f"{name}: would be removed\n")
        assert main([*trial, "--json"]) == 0
        assert told(capsys) == {"removed": None, "would_remove": name}
        assert main([command, "show", name, "--out", out]) == 0, "and it is there still"
        capsys.readouterr()
        assert main([command, "remove", name, "--out", out, "--json"]) == 0
        assert told(capsys) == {"removed": name}
        assert main(trial) == 1, "removed twice"
        capsys.readouterr()


def test_the_list_of_silences_says_until_when_and_why(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silence = {"name": "drill", "hazard": "flood", "reason": "an exercise"}
    path = tmp_path / "file.json"
    path.write_text(json.dumps({**silence, "ends_at": "2100-04-01T00:00:00Z"}))
    assert main(["silences", "apply", str(path), "--out", out]) == 0
    capsys.readouterr()
    assert main(["silences", "list", "--out", out]) == 0
    assert "until 2100-04-01T00:00:00Z: an exercise" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("payload", "attributes", "words"),
    [
        (b"{}", [], "it names no feed, and it is no CloudEvent with a type"),
        (b"{}", ["--feed", "x"], "feed 'x' is not known, and it is no CloudEvent with a type"),
        (
            b'{"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": {}}',
            [],
            "it names no feed, and its type is 't'",
        ),
    ],
)
def test_why_no_feed_reads_a_message(  # noqa: PLR0917
    out: str,
    tmp_path: Path,
    payload: bytes,
    attributes: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "alert.json"
    path.write_bytes(payload)
    assert main(["rules", "test", "all", str(path), *attributes, "--out", out]) == 0
    shown = capsys.readouterr().out
    assert words in shown
    assert "None" not in shown
