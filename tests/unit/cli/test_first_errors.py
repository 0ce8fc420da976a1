"""An operator's first errors: one line, with what to do, and no traceback."""

from pathlib import Path

import pytest

from s1ratio.cli.advice import advise
from s1ratio.cli.faults import print_failure
from s1ratio.cli.main import main
from s1ratio.errors import StoreUnavailable

LOGIN = "gcloud auth application-default login"


@pytest.mark.parametrize(
    ("words", "todo"),
    [
        # As Google's clients say it.
        ("Your default credentials were not found. To set up Application Default …", LOGIN),
        ("503 Getting metadata from plugin failed with error: Reauthentication is needed.", LOGIN),
        ("('invalid_grant: Bad Request', {'error': 'invalid_grant'})", LOGIN),
        ("403 Missing or insufficient permissions.", "roles/datastore.user"),
        ("403 User not authorized to perform this action.", "roles/pubsub.editor"),
        ("403 Cloud Firestore API has not been used in project p before", "S1RATIO_PROJECT"),
        ("404 The database (default) does not exist for project p", "S1RATIO_DATABASE"),
        ("no request r1", None),
        ("the folder out/x does not exist", None),
    ],
)
def test_what_googles_clients_say_gets_an_advice(words: str, todo: str | None) -> None:
    said = advise(words)
    assert (said is None) if todo is None else (todo in (said or ""))


def test_an_emulator_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Firestore did not answer: 503 failed to connect to all addresses"
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    assert advise(words) is None
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:9")
    assert "start the emulator there, or unset it" in (advise(words) or "")


def test_a_failure_is_one_line_with_its_advice(capsys: pytest.CaptureFixture[str]) -> None:
    print_failure(StoreUnavailable("403 Missing or insufficient\npermissions."))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("s1ratio: 403 Missing or insufficient permissions: your account needs")


@pytest.mark.parametrize(
    "words",
    [
        ["status", "r1"],
        ["cancel", "r1"],
        ["retry", "r1"],
        ["raise", "r1", "--priority", "5"],
        ["redrive", "--dry-run"],
        ["smoke"],
    ],
    ids=lambda words: words[0],
)
def test_who_is_not_signed_in_is_told_how(
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for name in ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST", "S1RATIO_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")  # or it would ask the network for a metadata server
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("S1RATIO_PROJECT", "my-project")
    monkeypatch.setenv("S1RATIO_BUCKET", "my-bucket")
    assert main(words) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("s1ratio: ")
    assert LOGIN in line
