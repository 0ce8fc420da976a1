"""`s1ratio status`: how far a request is."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, below, environment_of, is_deployed, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.terminal import print_json, print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Reads the store of a local run, or of the deployment in the environment. Says of what has "
        "not ended what it waits for, until when, how far it is and for how long."
    )
    parser.epilog = "exit status: 0 it is known, 1 it is not, or can't be read; 2 bad input"
    parser.add_argument("request_id", metavar="REQUEST_ID")
    add_out(parser)
    add_json(parser)
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.progress import age_words, describe_waiting
    from s1ratio.services.waiting.holds import read_holds
    from s1ratio.settings import read_settings
    from s1ratio.summary import summarize, waits_until

    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    settings = read_settings(environment)
    bucket = (
        "" if is_deployed(options.out) else settings.bucket
    )  # files of a local run lie below its folder
    now = datetime.now(UTC)
    with open_store_to_read(settings) as store:
        record = store.get_request(options.request_id)
        tasks = store.find_tasks_of(options.request_id)
        holds = read_holds(store, settings, now)
    if record is None:
        words = f"no request {options.request_id} is known"
        return print_refusal(words, FAILED, as_json=options.json)
    summary = summarize(record, tasks, bucket, synthetic=settings.synthetic)
    waiting = describe_waiting(record, tasks, now, holds)
    if options.json:
        print_json({**summary, "waiting": [each.json(now) for each in waiting]})
        return 0
    from s1ratio.cli.screen import open_console
    from s1ratio.cli.table import print_summary

    print_summary(summary, open_console(), below(options.out, settings.bucket))
    for each in waiting:
        print_line(each.words(now))
    print_line(f"taken in {age_words(now - record.created_at)} ago")
    if day := waits_until(record, tasks, now):
        print_line(f"not before {day}: the period is not over yet")
    return 0
