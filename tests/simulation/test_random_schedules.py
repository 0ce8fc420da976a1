"""Nothing lost, nothing twice, whatever the order of things and whatever fails."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from tests.simulation.drawing.standing import FIRST
from tests.simulation.judging.standing_tallies import OF_WEEKS
from tests.simulation.judging.tallies import RARE, USUAL
from tests.simulation.outcomes import SEED, judge_seed

Recorder = Callable[[str, object], None]
_SHARD, _LONG_SHARD = 30, 500
_WEEKS_SHARD = 100
_IN_FIRESTORE = range(0, 144, 4)


@pytest.mark.parametrize("first", range(0, 30, _SHARD))
def test_schedules(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + _SHARD), record_property, USUAL)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 10_500, _LONG_SHARD))
def test_many_schedules(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + _LONG_SHARD), record_property, USUAL | RARE)


@pytest.mark.parametrize("first", [FIRST])
def test_schedules_of_weeks(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + 4), record_property, frozenset())


@pytest.mark.soak
@pytest.mark.parametrize("first", range(FIRST, FIRST + 1_200, _WEEKS_SHARD))
def test_many_schedules_of_weeks(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + _WEEKS_SHARD), record_property, OF_WEEKS)


@pytest.mark.soak
@pytest.mark.emulators
@pytest.mark.parametrize("seed", _IN_FIRESTORE)
def test_schedules_in_firestore(
    seed: int, firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same services over the other store that ships, in the genuine emulator."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    with closing(firestore.Client(project=project)) as client:
        found = judge_seed(seed, open_store=lambda path: FirestoreStore(client, path.stem))
    assert not found.breaches, str(found)


def _judge(seeds: range, record_property: Recorder, must_happen: frozenset[str]) -> None:
    named = os.environ.get(SEED)
    counts, longest = Counter[str](), dict[str, float]()
    for seed in [int(named)] if named else seeds:
        found = judge_seed(seed, traced=named is not None)
        if found.breaches:
            pytest.fail(found.trace + str(found) if named else str(found), pytrace=False)
        counts += found.counts
        why, minutes = found.quiet
        longest[why] = max(minutes, longest.get(why, 0.0))
    if named:
        return
    assert must_happen - set(counts) == set()
    told = ", ".join(f"{counts[name]} {name}" for name in ("operations", "calls", "kills", "again"))
    quiet = ", ".join(f"{longest[why]:.0f} with {why}" for why in sorted(longest))
    words = f"{len(seeds)} schedules from {seeds[0]} sound: {told}; minutes to quiet: {quiet}"
    record_property("figures", words)


def test_a_seed_replays_whatever_the_order_of_hashes(tmp_path: Path) -> None:
    replays = [_replay(3, hashes, tmp_path) for hashes in ("1", "2")]
    assert replays[0] == replays[1]
    assert len(replays[0].splitlines()) > 50


def _replay(seed: int, hashes: str, folder: Path) -> str:
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", str(seed)],
        env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": path, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=root,
    )
    return done.stdout
