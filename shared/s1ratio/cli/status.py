"""`s1ratio status`: how far a request is."""

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path

from s1ratio.bootstrap import make_store
from s1ratio.cli.arguments import Commands, add_json
from s1ratio.cli.faults import BAD_INPUT, FAILED
from s1ratio.ports import Store
from s1ratio.settings import read_settings
from s1ratio.summary import summarize


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "status",
        help="show how far a request is",
        description="Reads the store of the deployment in the environment, or of a local run.",
    )
    parser.add_argument("request_id", metavar="REQUEST_ID")
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="folder of a local run (out)"
    )
    add_json(parser)
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    store, bucket = _store(options.out)
    if store is None:
        print(f"no local run in {options.out}, and no S1RATIO_PROJECT is set", file=sys.stderr)
        return BAD_INPUT
    with contextlib.closing(store):
        record = store.request(options.request_id)
        tasks = store.tasks_of(options.request_id)
    if record is None:
        print(f"no request {options.request_id} is known", file=sys.stderr)
        return FAILED
    summary = summarize(record, tasks, bucket)
    if options.json:
        print(json.dumps(summary, indent=2))
        return 0
    from s1ratio.cli.table import print_summary  # noqa: PLC0415 - rich is slow to load

    print_summary(summary)
    return 0


def _store(out: Path) -> tuple[Store | None, str]:
    """Return the store of the environment's deployment, else that of a local run in `out`.

    With it the folder in which files are named: a local run's bucket, as in its summary.
    """
    if os.environ.get("S1RATIO_PROJECT"):
        return make_store(read_settings(os.environ)), ""
    path = out / ".s1ratio" / "store.sqlite"
    if not path.is_file():
        return None, ""
    local = {"PROJECT": "local-project", "BUCKET": "local-bucket", "STORE": f"sqlite:{path}"}
    settings = read_settings({f"S1RATIO_{name}": text for name, text in local.items()})
    return make_store(settings), settings.bucket
