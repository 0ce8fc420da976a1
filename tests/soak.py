"""The long tests in parts: `python -m tests.soak` lists them, with names of parts it runs those.

`all` is every part. A part ends with how long it took; the times told here are of two cores and
no more than an order of magnitude.
"""

import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Long tests that belong together, and in which files they stand."""

    what: str
    takes: str
    paths: tuple[str, ...]


PARTS = {
    "simulation": Part(
        "10,500 random schedules of deliveries, ticks and troubles; three dozen in Firestore",
        "half an hour",
        ("tests/simulation",),
    ),
    "crashes": Part(
        "every crash point of launch, poll, cancel, retry, split; SQLite and Firestore",
        "20 minutes",
        (
            "tests/unit/services/test_crash_points.py",
            "tests/unit/services/commands/test_cancel.py",
            "tests/unit/services/starting/test_split.py",
            "tests/unit/services/starting/test_sharing.py",
            "tests/unit/services/commands/test_retry.py",
        ),
    ),
    "journeys": Part(
        "1,000 messages over a bad wire, and 30 kills, through the emulators",
        "10 minutes",
        ("tests/journey",),
    ),
    "graphs": Part(
        "5,000 random graphs, and 60 senseless calls of each algorithm",
        "2 minutes",
        ("tests/randomgraphs", "tests/unit/local_earthengine/expression/test_senseless_calls.py"),
    ),
    "scale": Part(
        "a tick among a million tasks costs what it costs among 100,000",
        "5 minutes",
        ("tests/scale",),
    ),
    "hostile": Part(
        "every delivery of the hostile corpus, and every record that a store refuses",
        "2 minutes",
        (
            "tests/functions/test_hostile_corpus.py",
            "tests/unit/services/waiting/test_refused_records.py",
        ),
    ),
    "infra": Part(
        "the real terraform applies, and deploys anew",
        "5 minutes",
        ("tests/infra/test_redeploy.py", "tests/infra/test_cloudbuild.py"),
    ),
}


def listed() -> str:
    """Return the parts as lines to read."""
    lines = [f"  {name:<10} {part.takes:<13} {part.what}" for name, part in PARTS.items()]
    return "\n".join(["The long tests, and what they take on two cores:", *lines])


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
    command = [sys.executable, "-m", "pytest", "-m", "soak", *PARTS[name].paths]
    status = subprocess.run(command, check=False).returncode
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
