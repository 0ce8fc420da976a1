"""Which deployment a command works on: the environment's, else that of a local run."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from s1ratio.cli.faults import BAD_INPUT


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add --out, the folder of a local run."""
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="folder of a local run (out)"
    )


def environment_of(out: Path) -> Mapping[str, str] | None:
    """Return the environment of the deployment to work on, None if there is none.

    It is the process's own where that names a project, else that of a local run in `out`.
    """
    if is_deployed():
        return os.environ
    path = out / ".s1ratio" / "store.sqlite"
    if not path.is_file():
        return None
    return {
        "S1RATIO_PROJECT": "local-project",
        "S1RATIO_BUCKET": "local-bucket",
        "S1RATIO_DEPLOYMENT": "local",
        "S1RATIO_STORE": f"sqlite:{path}",
    }


def is_deployed() -> bool:
    """Tell whether the process's environment names a deployment."""
    return bool(os.environ.get("S1RATIO_PROJECT"))


def print_none(out: Path) -> int:
    """Print that there is no deployment to work on; return the exit status."""
    print(f"no local run in {out}, and no S1RATIO_PROJECT is set", file=sys.stderr)
    return BAD_INPUT
