"""Which deployment a command works on: `--out` before the environment before a run in `out`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from s1ratio.cli.faults import print_refusal
from s1ratio.cli.waiting import tell_doing

if TYPE_CHECKING:
    from s1ratio.ports import Store
    from s1ratio.services.event_world import StoreWorld
    from s1ratio.settings import Settings

_OUT = Path("out")  # where `run` leaves it, unless told otherwise


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add --out, the folder of a local run."""
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder of a local run; absent: the deployment of the environment, else out",
    )


def environment_of(out: Path | None) -> Mapping[str, str] | None:
    """Return the environment of the deployment to work on, None if there is none.

    A folder that was named is meant, whatever the environment says: a `cancel` that was typed for
    a local run must never reach a deployment.
    """
    if is_deployed(out):
        tell_doing(f"asking the store of project {os.environ['S1RATIO_PROJECT']}")
        return os.environ
    path = _store_of(out)
    if not path.is_file():
        return None
    tell_doing(f"reading {path}")
    return local_environment(out)


def local_environment(out: Path | None) -> Mapping[str, str]:
    """Return the environment of a local run, whether or not there was one in the folder yet."""
    from s1ratio.embedded.scenes import are_synthetic

    path = _store_of(out)
    return {
        "S1RATIO_SYNTHETIC": str(int(bool(are_synthetic(path.parent)))),
        "S1RATIO_PROJECT": "local-project",
        "S1RATIO_BUCKET": "local-bucket",
        "S1RATIO_DEPLOYMENT": "local",
        "S1RATIO_STORE": f"sqlite:{path}",
        "S1RATIO_ALLOW_DRIVE": "1",
    }


def _store_of(out: Path | None) -> Path:
    return (out or _OUT) / ".s1ratio" / "store.sqlite"


def below(out: Path | None, bucket: str) -> str:
    """Return what stands before the names of files: a local run's folder, or the bucket."""
    return f"gs://{bucket}/" if is_deployed(out) else f"{out or _OUT}/"


def is_deployed(out: Path | None) -> bool:
    """Tell whether it is the deployment of the process's environment that is worked on."""
    return out is None and bool(os.environ.get("S1RATIO_PROJECT"))


def make_world(settings: Settings, store: Store) -> StoreWorld:
    """Return the world of a command that changes the store; its events the poller publishes."""
    from s1ratio.adapters.clock import SystemClock
    from s1ratio.services.event_world import StoreWorld
    from s1ratio.services.outbox import outbox_of_nobody

    return StoreWorld(settings, store, SystemClock(), outbox_of_nobody(settings))


def print_none(out: Path | None, *, as_json: bool = False) -> int:
    """Print that there is no deployment to work on; return the exit status."""
    words = f"no local run in {out or _OUT}"
    if out is None:
        words += ", and no S1RATIO_PROJECT is set"
    advice = "name the folder that `s1ratio run` left by --out, or set S1RATIO_PROJECT"
    return print_refusal(f"{words}: {advice}", as_json=as_json)
