"""`s1ratio status`: how far a request is."""

import argparse
import contextlib
from datetime import UTC, datetime

from s1ratio.bootstrap import make_store
from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, environment_of, is_deployed, print_none
from s1ratio.cli.faults import FAILED
from s1ratio.cli.terminal import print_error, print_json, print_line
from s1ratio.settings import read_settings
from s1ratio.summary import summarize, waits_until


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = "Reads the store of a local run, or of the deployment in the environment."
    parser.add_argument("request_id", metavar="REQUEST_ID")
    add_out(parser)
    add_json(parser)
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out)
    settings = read_settings(environment)
    bucket = (
        "" if is_deployed(options.out) else settings.bucket
    )  # files of a local run lie below its folder
    with contextlib.closing(make_store(settings)) as store:
        record = store.get_request(options.request_id)
        tasks = store.find_tasks_of(options.request_id)
    if record is None:
        print_error(f"no request {options.request_id} is known")
        return FAILED
    summary = summarize(record, tasks, bucket)
    if options.json:
        print_json(summary)
        return 0
    # Rich is slow to load.
    from s1ratio.cli.screen import open_console  # noqa: PLC0415
    from s1ratio.cli.table import print_summary  # noqa: PLC0415

    print_summary(summary, open_console())
    if day := waits_until(record, tasks, datetime.now(UTC)):
        print_line(f"not before {day}: the period is not over yet")
    return 0
