"""The command without any right on a store: a closed service, a token by gcloud, its answers."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from s1ratio.cli.main import main
from tests.support.closed_service import Gate, make_token, put_gcloud_on_path, serve
from tests.support.reading_world import Dismissals, open_world
from tests.support.taken_messages import TakenMessages

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("gate")
AUDIENCE = "https://status.example.com"


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A closed service over a store with a record of each kind, and a profile that names it."""
    for name in [name for name in os.environ if name.startswith("S1RATIO_")]:
        monkeypatch.delenv(name)
    world = open_world(tmp_path)
    world.dismissals = Dismissals("c-9")
    token = make_token(AUDIENCE)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", put_gcloud_on_path(tmp_path / "bin", token))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    gate = Gate(world.app, tokens={token})
    with serve(gate) as url:
        world.files_url = f"{url}/files/"
        folder = tmp_path / "config" / "s1ratio"
        folder.mkdir(parents=True)
        (folder / "profiles.toml").write_text(
            f'default = "prod"\n[profiles.prod]\nproject = "p"\nurl = "{url}"\n'
            f'token = "gcloud"\naudience = "{AUDIENCE}"\n[profiles.bare]\nurl = "{url}"\n'
        )
        yield gate
    world.store.close()


def _json(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out)


def test_requests_are_listed(gate: Gate, capsys: Capture) -> None:
    assert main(["list", "--json", "--max", "3"]) == 0
    assert len(_json(capsys)["requests"]) == 3
    assert main(["list", "--region", "alps", "-q"]) == 0
    assert capsys.readouterr().out == "r1\n"
    assert main(["list", "--state", "failed", "--state", "partial", "-q"]) == 0
    assert capsys.readouterr().out.split() == ["in-partial", "in-failed"]
    assert main(["list", "--rule", "rivers", "-q"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["list"]) == 0
    assert "in-running" in capsys.readouterr().out
    assert {shown for _, _, shown in gate.asked} == gate.tokens


def test_a_request_is_told_as_of_a_store(tmp_path: Path, capsys: Capture) -> None:
    assert main(["status", "r1"]) == 0
    said = capsys.readouterr().out
    assert "request r1: VERIFIED" in said
    assert "r1-o131a" in said
    assert main(["status", "r1", "--json"]) == 0
    over_https = _json(capsys)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".s1ratio").symlink_to(tmp_path)
    assert main(["status", "r1", "--json", "--out", str(tmp_path / "out")]) == 0
    of_store = _json(capsys)
    assert set(of_store) <= set(over_https)
    for name in set(of_store) - {"tasks", "created_at"}:
        assert over_https[name] == of_store[name], name


def test_an_unknown_request_is_said_to_be_unknown(capsys: Capture) -> None:
    assert main(["status", "nobody"]) == 1
    assert capsys.readouterr().err == "s1ratio: no job nobody is known\n"


@pytest.mark.parametrize(
    ("request_id", "status", "outcome"),
    [
        ("r1", 0, "verified"),
        ("in-empty", 1, "failed"),
        ("in-partial", 1, "failed"),
        ("in-rejected", 2, "refused"),
        ("in-running", 4, "timed out"),
    ],
)
def test_the_exit_status_of_waiting(
    capsys: Capture, request_id: str, status: int, outcome: str
) -> None:
    assert main(["wait", request_id, "--timeout", "0.1", "--json"]) == status
    told = _json(capsys)
    assert (told["outcome"], told["exit_status"]) == (outcome, status)


def test_files_are_named_and_fetched(gate: Gate, tmp_path: Path, capsys: Capture) -> None:
    gate.files = {"a b/ü#?.tif".encode().decode("latin-1"): b"one" * 50_000, "two.tif": b"two"}
    assert main(["results", "r1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    folder = tmp_path / "here"
    gate.cut_at = 70_000
    assert main(["results", "r1", "--download", str(folder)]) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "ü#?.tif": b"one" * 50_000,
        "two.tif": b"two",
    }
    before = len([one for one in gate.asked if one[0] == "GET" and "/files/" in one[1]])
    assert before == 3  # one of them in two pieces
    assert main(["results", "r1", "--download", str(folder)]) == 0
    assert capsys.readouterr().out.count("(there already)") == 2
    (folder / "two.tif").write_bytes(b"TWO")
    assert main(["results", "r1", "--download", str(folder), "-q"]) == 0
    assert (folder / "two.tif").read_bytes() == b"two"
    assert main(["results", "in-running"]) == 1
    assert "has not ended" in capsys.readouterr().err


def test_a_request_is_called_off_and_tasks_by_the_topic(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = TakenMessages()
    topics: list[str] = []

    def open_topic(topic: str, *_: object) -> TakenMessages:
        topics.append(topic)
        return taken

    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", open_topic)
    assert main(["cancel", "in-running", "--reason", "the wrong area"]) == 0
    assert "to be cancelled by command c-9" in capsys.readouterr().out
    assert taken.taken == []
    assert main(["cancel", "r1"]) == 1
    assert "has ended" in capsys.readouterr().err
    assert main(["cancel", "--task", "r1-o131a"]) == 0
    assert main(["retry", "in-failed"]) == 0
    assert topics == ["projects/p/topics/s1r-dev-commands"] * 2
    sent = [json.loads(one) for one in taken.taken]
    assert [one["command"] for one in sent] == ["cancel", "retry"]
    assert [one["target"] for one in sent] == [{"task": "r1-o131a"}, {"request": "in-failed"}]
    assert main(["retry", "--error", "resources"]) == 2
    assert main(["retry", "in-failed", "--profile", "bare"]) == 2
    assert "use a profile that has a project" in capsys.readouterr().err


def test_rejections_and_why(capsys: Capture) -> None:
    assert main(["rejections"]) == 0
    assert "x1: rejected" in capsys.readouterr().out
    assert main(["rejections", "x1", "--json"]) == 0
    assert _json(capsys)["rejections"][0]["payload"] == "{}"
    assert main(["rejections", "x2"]) == 1
    assert main(["why", "i-0123456789"]) == 0
    assert "i-0123456789" in capsys.readouterr().out
    assert main(["why", "i-9"]) == 1


def test_what_is_refused_says_what_to_do(gate: Gate, capsys: Capture) -> None:
    gate.strangers, gate.tokens = gate.tokens, set()
    assert main(["list"]) == 1
    said = capsys.readouterr().err
    assert "user:anna@example.com" in said
    assert "roles/run.invoker" in said
    gate.strangers = set()
    assert main(["list"]) == 1
    said = capsys.readouterr().err
    assert "look at the profile's url and audience" in said
    assert "c2lnbmF0dXJl" not in said
    assert main(["list", "--profile", "bare"]) == 1
    assert 'token = "gcloud"' in capsys.readouterr().err
    assert main(["list", "--profile", "nobody"]) == 2
    assert "there are prod, bare" in capsys.readouterr().err


def test_a_service_that_is_busy_is_asked_again(gate: Gate) -> None:
    gate.busy = 2
    assert main(["list", "-q", "--max", "1"]) == 0
    assert len(gate.asked) == 3


def test_regions_and_incidents(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = TakenMessages()
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", lambda *_: taken)
    for words, told in {
        ("regions", "list"): "andes",
        ("regions", "show", "alps"): "last_days",
        ("incidents", "list"): "rivers",
        ("incidents", "show", "i-0123456789"): "flood",
    }.items():
        assert main(words) == 0
        assert told in capsys.readouterr().out
    assert main(["regions", "show", "nowhere"]) == 1
    assert main(["regions", "list", "--json"]) == 0
    capsys.readouterr()
    assert main(["regions", "pause", "alps", "--why", "under water"]) == 0
    assert main(["regions", "resume", "alps", "--catch-up"]) == 0
    assert main(["regions", "run", "alps"]) == 0
    sent = [json.loads(one) for one in taken.taken]
    assert [one["command"] for one in sent] == ["pause", "resume", "run"]
    assert (sent[0]["reason"], sent[1]["catch_up"]) == ("under water", True)


def test_a_folder_tells_the_same_as_its_service(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".s1ratio").symlink_to(tmp_path)
    out = ["--out", str(tmp_path / "out")]
    assert main(["list", "--max", "60", "--json"]) == 0
    served = _json(capsys)
    assert main(["list", "--max", "60", "--json", *out]) == 0
    assert _json(capsys) == served
    assert main(["wait", "r1", *out]) == 0
    assert "r1: verified" in capsys.readouterr().out
    assert main(["results", "r1", "-v", *out]) == 0
    assert "orbit 131" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("request_id", "status"), [("r1", 0), ("in-failed", 1), ("in-rejected", 2), ("in-running", 4)]
)
def test_what_is_published_is_waited_for(
    request_id: str, status: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = TakenMessages()
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", lambda *_: taken)
    profiles = Path(os.environ["XDG_CONFIG_HOME"]) / "s1ratio" / "profiles.toml"
    profiles.write_text(profiles.read_text().replace('"p"', '"my-project"'))
    words = ["publish", "15,48,15.1,48.1", "--start", "2023-05-01", "--end", "2023-07-01"]
    words += ["--request-id", request_id, "--wait", "--timeout", "0.1", "--json"]
    assert main(words) == status, capsys.readouterr().err
    assert _json(capsys)["exit_status"] == status
    assert len(taken.taken) == 1
