"""Nothing lost, nothing twice, whatever the order of things and whatever fails."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.outcomes import SEED, judge_seed

Recorder = Callable[[str, object], None]
_SHARD, _LONG_SHARD = 50, 500
# A shard in which one of these never happened proves little.
_MUST_HAPPEN = {
    "kills",
    "store before",
    "store after",
    "ee before",
    "ee after",
    "ee late",
    "bucket before",
    "again",
    "leftovers",
    "VERIFIED",
    "FAILED",
}


@pytest.mark.parametrize("first", range(0, 50, _SHARD))
def test_schedules(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + _SHARD), record_property)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 10_500, _LONG_SHARD))
def test_many_schedules(first: int, record_property: Recorder) -> None:
    _judge(range(first, first + _LONG_SHARD), record_property)


def _judge(seeds: range, record_property: Recorder) -> None:
    named = os.environ.get(SEED)
    counts = Counter[str]()
    for seed in [int(named)] if named else seeds:
        found = judge_seed(seed, traced=named is not None)
        if found.breaches:
            pytest.fail(found.trace + str(found) if named else str(found), pytrace=False)
        counts += found.counts
    if named:
        return
    assert set(counts) >= _MUST_HAPPEN
    told = ", ".join(f"{counts[name]} {name}" for name in ("operations", "calls", "kills", "again"))
    record_property("figures", f"{len(seeds)} schedules from {seeds[0]} sound: {told}")


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
