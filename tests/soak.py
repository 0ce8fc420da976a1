"""The long tests in parts: `python -m tests.soak` lists them, with names of parts it runs those.

`all` is every part. A part ends with its figures and how long it took; the times told here are of
two cores and no more than an order of magnitude. A part whose tests don't mind each other has both.
"""

import subprocess
import sys
import time
from dataclasses import dataclass

from tests.support.thinned import thinned_paths


@dataclass(frozen=True)
class Part:
    """Long tests that belong together, in which files they stand, why they run one by one."""

    what: str
    takes: str
    paths: tuple[str, ...]
    one_by_one: str = ""
    without: tuple[str, ...] = ()  # below its paths, but another's

    @property
    def options(self) -> list[str]:
        """What pytest is told of cores: tests are handed out one at a time, some take minutes."""
        cores = [] if self.one_by_one else ["-n", "2", "--maxschedchunk", "1"]
        return [*cores, *(f"--ignore={path}" for path in self.without)]

    def holds(self, path: str) -> bool:
        """Tell whether it runs the long tests of a file."""
        return path.startswith(self.paths) and not path.startswith(self.without)


PARTS = {
    "simulation": Part(
        "10,500 random schedules of an hour, 1,200 of weeks; some in Firestore",
        "40 minutes",
        ("tests/simulation",),
    ),
    "crashes": Part(  # what is long stands first
        "every crash point of launch, poll, split, and of all commands; SQLite and Firestore",
        "20 minutes",
        (
            "tests/unit/services/test_crash_points.py",
            "tests/unit/services/commands/test_cancel.py",
            "tests/unit/services/commands/test_command_crash_points.py",
            "tests/unit/services/starting/test_split.py",
            "tests/unit/services/starting/test_sharing.py",
            "tests/unit/services/commands/test_retry.py",
            "tests/unit/services/regions/test_region_crash_points.py",
            "tests/unit/services/applying/test_apply_crash_points.py",
        ),
    ),
    "journeys": Part(
        "1,000 messages over a bad wire, 50 kills, a storm of 500 alerts, through the emulators",
        "10 minutes",
        ("tests/journey",),
        one_by_one="each has half a dozen processes, and leases that run by the wall's clock",
    ),
    "graphs": Part(
        "5,000 random graphs, and 60 senseless calls of each algorithm",
        "2 minutes",
        ("tests/randomgraphs", "tests/unit/local_earthengine/expression/test_senseless_calls.py"),
    ),
    "scale": Part(
        "a tick among a million tasks costs what it costs among 100,000",
        "4 minutes",
        ("tests/scale", "tests/unit/cli/test_publish.py"),
        one_by_one="it measures",
    ),
    "hostile": Part(
        "every hostile delivery and bomb, SQLite and Firestore; every record that a store refuses",
        "6 minutes",
        (
            "tests/functions/test_hostile_corpus.py",
            "tests/unit/services/waiting/test_refused_records.py",
        ),
    ),
    "infra": Part(
        "the real terraform applies, deploys anew, loses orders; zips whose needs pip installs",
        "12 minutes",
        (
            "tests/infra/test_redeploy.py",
            "tests/infra/test_cloudbuild.py",
            "tests/infra/test_bundle.py",
            "tests/infra/test_deployed.py",
            "tests/infra/test_ordering.py",
            "tests/infra/test_validation.py",
        ),
        one_by_one="they share plans, which a process keeps",
    ),
    "wheel": Part(
        "the wheel with each extra, in an environment of its own",
        "2 minutes",
        ("tests/contract/test_wheel.py",),
        one_by_one="they share environments",
    ),
    "refusals": Part(
        "each way in which Earth Engine refuses all, or starts alone, for an hour and for long",
        "a minute",
        ("tests/unit/services/starting/test_refusals.py",),
    ),
    "pixels": Part(
        "the real scenes at each place, on each grid, with each preset; the notebook's exports",
        "a minute",
        ("tests/contract/pixels/test_real_scenes.py", "tests/contract/test_notebook_code.py"),
    ),
}

_ELSEWHERE = tuple(path for part in PARTS.values() for path in part.paths)
PARTS["tables"] = Part(
    "all rows of the longest tables of cases, of which the fast tests take some",
    "10 minutes",
    tuple(path for path in thinned_paths() if not path.startswith(_ELSEWHERE)),
    without=_ELSEWHERE,
)


def listed() -> str:
    """Return the parts as lines to read."""
    lines = [f"  {name:<10} {part.takes:<10} {_told(part)}" for name, part in PARTS.items()]
    return "\n".join(["The long tests, and what they take on two cores:", *lines])


def _told(part: Part) -> str:
    return part.what + (f" (one by one: {part.one_by_one})" if part.one_by_one else "")


def main(names: list[str]) -> int:
    """Run these parts; without any, say which there are."""
    print(listed())  # noqa: T201
    if not names:
        print("\nmake soak runs all, make soak PART=scale one; a failure says how it is replayed")  # noqa: T201
        return 0
    wanted = list(PARTS) if names == ["all"] else names
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}")  # noqa: T201
        return 2
    return max(_run(name) for name in wanted)


def _run(name: str) -> int:
    print(f"\n{name}: {PARTS[name].what}", flush=True)  # noqa: T201
    began = time.monotonic()
    part = PARTS[name]
    command = [sys.executable, "-m", "pytest", *part.options, "-m", "soak", *part.paths]
    status = subprocess.run(command, check=False).returncode
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
