"""`s1ratio smoke`: whether a deployment works, by a tiny request."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import time
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_json
from s1ratio.cli.faults import FAILED
from s1ratio.cli.terminal import print_error, print_json, print_line
from s1ratio.cli.waiting import tell_doing

if TYPE_CHECKING:
    from s1ratio.services.commands.smoke import Smoked
    from s1ratio.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Publishes a request for a square kilometre to the deployment in the environment "
        "(S1RATIO_PROJECT, _BUCKET, _DEPLOYMENT, _DATABASE) and waits for what becomes of it. "
        "It costs what its exports cost: a few of some hundred pixels each."
    )
    parser.epilog = "exit status: 0 VERIFIED, 1 anything else, or not in time"
    parser.add_argument("--topic", metavar="T", help="to publish to, in full: projects/P/topics/T")
    parser.add_argument("--request-id", metavar="ID", help="default: smoke- and a random number")
    parser.add_argument(
        "--deadline", type=_seconds, default=2700.0, metavar="S", help="seconds to wait (2700)"
    )
    parser.add_argument(
        "--every", type=_seconds, default=10.0, metavar="S", help="seconds between looks (10)"
    )
    add_json(parser)
    parser.set_defaults(command=_smoke)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds up to 86400")
    return value


def _smoke(options: argparse.Namespace) -> int:
    from s1ratio.settings import read_settings

    found = _run(options, read_settings(os.environ))
    if options.json:
        print_json(asdict(found), indent=None)
    elif found.passed:
        spent = f"{found.eecu_seconds:g} EECU-seconds"
        print_line(f"request {found.request_id}: {found.state} after {found.seconds:g} s, {spent}")
    else:
        state = found.state or "unknown"
        print_error(f"request {found.request_id}: {state}: {found.words}")
    return 0 if found.passed else FAILED


def _run(options: argparse.Namespace, settings: Settings) -> Smoked:
    from s1ratio.adapters.clock import SystemClock
    from s1ratio.adapters.pubsub import PubSubPublisher
    from s1ratio.bootstrap import make_store
    from s1ratio.services.commands.smoke import smoke

    request_id = options.request_id or f"smoke-{secrets.token_hex(6)}"
    topic = options.topic or settings.requests_topic
    tell_doing(f"request {request_id} goes to {topic}, and is waited for until it is VERIFIED")
    with (
        contextlib.closing(make_store(settings)) as store,
        contextlib.closing(PubSubPublisher(topic)) as publisher,
    ):
        return smoke(
            store,
            publisher,
            SystemClock(),
            request_id,
            wait=lambda: time.sleep(options.every),
            deadline=timedelta(seconds=options.deadline),
        )
