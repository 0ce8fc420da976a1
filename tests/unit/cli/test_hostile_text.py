"""What others wrote is printed as text: it neither acts on a terminal nor makes a command raise."""

import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unicodedata import category

import pytest
from rich.console import Console

from local_earthengine import command as earthengine_command
from local_earthengine import plain_text
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.cli import smoke
from s1ratio.cli.faults import print_failure, print_faults
from s1ratio.cli.main import main
from s1ratio.cli.table import print_changes, print_summary
from s1ratio.cli.terminal import plain, print_json
from s1ratio.embedded import run as embedded_run
from s1ratio.errors import S1RatioError
from s1ratio.faults import Fault
from s1ratio.records import RequestState
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.redrive import Fate, Redriven
from s1ratio.services.commands.smoke import Smoked
from s1ratio.task import TaskState
from tests.support.messages import message

HOSTILE = {
    "closing markup": "[/red]",
    "opening markup": "[bold red]VERIFIED[/]",
    "a link in markup": "[link=http://x.example]y[/link]",
    "an emoji by its name": ":skull:",
    "a colour": "\x1b[31mred",
    "a cleared screen": "\x1b[2J\x1b[H",
    "a title": "\x1b]0;title\x07",
    "a link": "\x1b]8;;http://x.example\x1b\\click\x1b]8;;\x1b\\",
    "a control of eight bits": "\x9b31m\x85",
    "text turned around": "a\u202egnp.exe",
    "an isolate": "\u2066a\u2069",
    "NUL": "a\x00b",
    "a lone surrogate": "a\ud800b",
    "another line": "a\nrequest r1: VERIFIED\rrequest",
    "a line separator": "a\u2028b\u2029c",
    "DEL": "a\x7f\x08\x08b",
    "what is invisible": "a\u200b\ufeff\U000e0041b",
    "letters and marks that are invisible": "a\u3164\u115f\u034f\ufe01\U000e0100b",
}
KINDS = [*HOSTILE.values()]


@pytest.fixture(params=KINDS, ids=list(HOSTILE))
def evil(request: pytest.FixtureRequest) -> str:
    text: str = request.param
    return text


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was printed, once it is known to be harmless."""

    def read() -> str:
        streams = capsys.readouterr()
        text = streams.out + streams.err
        acting = [one for one in text if not one.isprintable() and one not in "\n\xa0"]
        assert acting == []
        return text

    return read


def unfolded(text: str) -> str:
    """Return what was printed without the lines of a table and the ends of folded lines."""
    return "".join(one for one in text if one not in " │\n")


def told(text: str) -> str:
    return unfolded(plain(text))


def of_summary(evil: str) -> dict[str, Any]:
    task = {
        "id": f"t{evil}",
        "orbit": 131,
        "direction": "ASCENDING",
        "state": evil,
        "footprint_share": 0.5,
        "valid_share": None,
        "shape": [3, 4],
        "notes": [f"note {evil}"],
        "error": f"error {evil}",
        "parts": [],
        "files": [f"bucket/{evil}.tif"],
    }
    return {
        "request_id": evil,
        "state": "RUNNING",
        "cancelling": f"why {evil}",
        "notes": [f"noted {evil}"],
        "reasons": [{"path": f"labels.{evil}", "code": "x", "message": f"must not {evil}"}],
        "error": f"all {evil}",
        "tasks": [task],
    }


def test_plain_keeps_what_is_read() -> None:
    for text in (
        "Größe 3 × 4",
        "森林 の\u3000名",
        "[131]",
        r"C:\maps",
        "a\xa0b",
        "🛰",
        "e\u0301",
        "❤\ufe0f",
    ):
        assert plain(text) == text


def test_plain_shows_what_it_does_not_print(evil: str) -> None:
    text = plain(evil)
    assert all(one.isprintable() for one in text)
    assert plain(text) == text


def test_both_commands_agree_on_every_character() -> None:
    every = [chr(number) for number in range(sys.maxunicode + 1)]
    assert [*map(plain, every)] == [*map(plain_text.plain, every)]
    acting = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown = {one for one in every if plain(one) == one}
    assert all(one not in shown for one in every if category(one) in acting)
    unseen = {one for one in every if one not in shown and category(one) not in acting}
    assert len(unseen) == 266
    assert {category(one) for one in unseen} <= {"Lo", "Mn", "So"}


def test_a_summary(evil: str, printed: Callable[[], str]) -> None:
    print_summary(of_summary(evil))
    text = unfolded(printed())
    for words in ("request", "t", "note", "error", "why", "labels.", "mustnot", "all", "bucket/"):
        assert f"{words}{told(evil)}" in text


def test_a_summary_on_a_terminal_has_colours_alone(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = of_summary(evil)
    summary["tasks"][0]["state"] = "FAILED"
    print_summary(summary, Console(width=300, force_terminal=True, color_system="standard"))
    text = capsys.readouterr().out
    assert "\x1b[31mFAILED" in text
    for colour in ("\x1b[0m", "\x1b[1m", "\x1b[3m", "\x1b[31m"):
        text = text.replace(colour, "")
    assert all(one.isprintable() or one == "\n" for one in text)


def test_changes(evil: str, printed: Callable[[], str]) -> None:
    wide = Console(width=300)
    change = Change("task", f"t{evil}", "r", evil, "FAILED", to_be_cancelled=True)
    print_changes([change, Change("request", evil, evil, "RUNNING", evil)], False, wide)
    assert f"t{told(evil)}" in unfolded(printed())


def test_faults_and_failures(evil: str, printed: Callable[[], str]) -> None:
    print_faults(f"{evil}.json", [Fault(f"aoi.{evil}", "x", f"is {evil}")])
    print_failure(S1RatioError(evil))
    text = printed()
    assert len(text.splitlines()) == 3
    assert f"  aoi.{plain(evil)}: is {plain(evil)}" in text


def test_validate_of_labels_and_keys(evil: str, tmp_path: Path, printed: Callable[[], str]) -> None:
    path = tmp_path / "message.json"
    for fields in ({"labels": {"a": evil}}, {"labels": {evil: "a"}}, {evil: 1}, {"preset": evil}):
        path.write_text(json.dumps(message() | fields), encoding="utf-8")
        status = main(["validate", str(path)])
        text = printed()
        assert status in {0, 2}
        assert status == 0 or "1 fault" in text
        assert main(["validate", str(path), "--json"]) == status
        printed()


def test_names_of_files_and_ids_in_arguments(
    evil: str, tmp_path: Path, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    path = tmp_path / f"{evil.replace('/', '')}.json"
    with suppress(OSError, ValueError):  # no file can have such a name
        path.write_text(json.dumps(message(start="soon")), encoding="utf-8")
    for words in (
        ["validate", str(path)],
        ["status", "--out", str(path), evil],
        [evil],
        ["cancel"],
    ):
        with suppress(SystemExit):
            assert main(words) in {1, 2}
        assert printed() != ""


def test_status_of_an_unknown_request(
    evil: str, tmp_path: Path, printed: Callable[[], str]
) -> None:
    (tmp_path / ".s1ratio").mkdir()
    SqliteStore(tmp_path / ".s1ratio" / "store.sqlite").close()
    with suppress(UnicodeEncodeError):
        assert main(["status", evil, "--out", str(tmp_path)]) == 1
        assert f"no request {plain(evil)} is known" in printed()


def test_redrive_and_smoke(
    evil: str, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*_: Any) -> Smoked:
        return Smoked(
            f"smoke{evil}", RequestState.FAILED, seconds=3.0, eecu_seconds=2.0, words=evil
        )

    def letters(*_: Any) -> Any:
        yield Redriven(evil, 0, Fate.REFUSED, evil)

    monkeypatch.setenv("S1RATIO_PROJECT", "p-1234567")
    monkeypatch.setenv("S1RATIO_BUCKET", "b-1234567")
    monkeypatch.setattr(smoke, "_run", found)
    monkeypatch.setattr("s1ratio.services.commands.redrive.redrive", letters)
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubDeadLetters", lambda _: _Closing())
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", lambda _: _Closing())
    assert main(["smoke"]) == 1
    assert f"request smoke{plain(evil)}: FAILED: {plain(evil)}\n" in printed()
    assert main(["redrive", "--subscription", f"projects/{evil}", "--topic", "projects/p"]) == 1
    assert f"{plain(evil)}: refused: {plain(evil)}\n" in printed()
    assert main(["smoke", "--json"]) == 1
    assert json.loads(printed())["words"] == evil
    assert main(["redrive", "--json"]) == 1
    assert json.loads(printed())["letters"][0]["message_id"] == evil


def test_what_a_run_shows_while_it_goes_on(evil: str, printed: Callable[[], str]) -> None:
    task = SimpleNamespace(
        id=evil,
        ended=True,
        run=SimpleNamespace(progress=1.0),
        state=TaskState.FAILED,
        catalogue=SimpleNamespace(catalogue_due=None),
    )
    record = SimpleNamespace(state=RequestState.FAILED)
    cloud = SimpleNamespace(
        tick=lambda: {"troubles": [evil]},
        store=SimpleNamespace(get_request=lambda _: record, find_tasks_of=lambda _: [task]),
    )
    console = Console(stderr=True, width=300)
    embedded_run._followed(cloud, "r1", console)  # type: ignore[arg-type]
    lines = printed().splitlines()
    assert lines[0] == plain(evil)
    assert f"{plain(evil)} failed" in lines[1]


def test_the_local_earth_engines_command(
    evil: str, tmp_path: Path, printed: Callable[[], str]
) -> None:
    for words in (["--catalog", evil], ["--port", evil], [evil]):
        with pytest.raises(SystemExit):
            earthengine_command.main(words)
        printed()
    folder = tmp_path / "catalog"
    folder.mkdir()
    item = {"stac_version": "1.0.0", "type": "Feature", "id": evil, "properties": evil}
    (folder / "item.json").write_text(json.dumps(item), encoding="utf-8")
    words = ["--catalog", str(folder), "--out", str(tmp_path / "out"), "--port", "0"]
    assert earthengine_command.main(words) == 2
    assert "item.json: properties" in printed()


@pytest.mark.parametrize("host", ["\x1b[31m", "a\ud800", "a\u202eb", "森", "\x9b", "a\n"])
def test_an_address_that_is_none(host: str, printed: Callable[[], str]) -> None:
    with pytest.raises(SystemExit):
        earthengine_command.main(["--host", host])
    assert "is no address: name it in plain ASCII" in printed()


def test_json_is_exact_and_has_escapes_alone(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({evil: [evil]})
    text = capsys.readouterr().out
    assert json.loads(text) == {evil: [evil]}
    assert text.isascii()
    assert all(one.isprintable() or one == "\n" for one in text)


def test_a_warning_of_a_logger_that_nobody_set_up(evil: str) -> None:
    handler = logging.lastResort
    assert handler is not None
    for command in (main, earthengine_command.main):
        handler.setFormatter(None)
        with suppress(SystemExit):
            command(["--help"])
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "%s", (evil,), None)
        lines = handler.format(record).split("\n")
        assert lines == [plain(line) for line in evil.split("\n")]


def test_an_exception_that_nobody_caught(
    evil: str, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (main, earthengine_command.main):
        monkeypatch.setattr(sys, "excepthook", None)
        with suppress(SystemExit):
            command(["--help"])
        printed()
        sys.excepthook(KeyError, KeyError(evil), None)
        sys.excepthook(RuntimeError, RuntimeError(evil), None)
        assert printed().endswith(f"{plain(evil.rpartition(chr(10))[2])}\n")


def test_an_error_stream_that_lacks_letters_shows_escapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(message(labels={"a": "森"})), encoding="utf-8")
    shown = tmp_path / "shown"
    with shown.open("w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["validate", str(path)]) == 0
    assert "km2" in shown.read_text(encoding="ascii")


class _Closing:
    def close(self) -> None:
        """Do nothing."""
