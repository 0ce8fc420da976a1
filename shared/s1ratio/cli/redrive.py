"""`s1ratio redrive`: dead letters go back to the topic of requests."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_json
from s1ratio.cli.faults import FAILED, print_failure, print_refusal
from s1ratio.cli.terminal import print_json, print_line
from s1ratio.cli.waiting import tell_doing
from s1ratio.errors import PubSubError

if TYPE_CHECKING:
    from s1ratio.services.commands.redrive import Redriven, Rules


@dataclass(frozen=True)
class _Names:
    subscription: str
    topic: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Publishes what could not be delivered again, as it was first published, and takes it "
        "from the dead letters once that is confirmed. By default of the deployment in the "
        "environment (S1RATIO_PROJECT, S1RATIO_DEPLOYMENT). A request that comes twice is one."
    )
    parser.epilog = "exit status: 0 none is left that was looked at, 1 some stayed, 2 bad input"
    parser.add_argument("--subscription", metavar="S", help="of the dead letters; id or full name")
    parser.add_argument("--topic", metavar="T", help="to publish to; id or full name")
    parser.add_argument(
        "--max", type=_count, default=1_000, metavar="N", help="look at N at most (1000)"
    )
    parser.add_argument(
        "--times",
        type=_count,
        default=3,
        metavar="N",
        help="leave what was redriven N times already (3)",
    )
    parser.add_argument("--force", action="store_true", help="send it nevertheless")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be sent")
    add_json(parser)
    parser.set_defaults(command=_redrive)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 1000000")
    return int(text)


def _redrive(options: argparse.Namespace) -> int:
    from s1ratio.services.commands.redrive import Fate, Rules

    names = _names(options)
    if names is None:
        words = "set S1RATIO_PROJECT, or name both in full: projects/P/subscriptions/S, …/topics/T"
        return print_refusal(words, as_json=options.json)
    tell_doing(f"asking Pub/Sub for the letters of {names.subscription}")
    rules = Rules(options.max, options.times, options.force, options.dry_run)
    done: list[Redriven] = []
    status = _run(names, rules, done, quiet=options.json)
    counts = Counter(one.fate for one in done)
    if options.json:
        print_json({**asdict(names), "letters": [asdict(one) for one in done]})
    else:
        said = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate])
        print_line(f"{names.subscription}: {said or 'no dead letters'}")
    return status or (FAILED if counts[Fate.KEPT] + counts[Fate.REFUSED] else 0)


def _run(names: _Names, rules: Rules, done: list[Redriven], quiet: bool) -> int:
    """Redrive into `done`; return the exit status, not counting what became of the letters."""
    from s1ratio.adapters.pubsub import PubSubDeadLetters, PubSubPublisher
    from s1ratio.services.commands.redrive import redrive

    with (
        contextlib.closing(PubSubDeadLetters(names.subscription)) as letters,
        contextlib.closing(PubSubPublisher(names.topic)) as publisher,
    ):
        try:
            for one in redrive(letters, publisher, rules):
                done.append(one)
                if not quiet:
                    words = f": {one.words}" if one.words else ""
                    print_line(f"{one.message_id}: {one.fate}{words}")
        except PubSubError as error:
            return print_failure(error)  # what was done before it is told, as JSON, too
    return 0


def _names(options: argparse.Namespace) -> _Names | None:
    """Return both full names: as given, in the environment's project, or of its deployment."""
    given = _Names(options.subscription or "", options.topic or "")
    if given.subscription.startswith("projects/") and given.topic.startswith("projects/"):
        return given
    if not os.environ.get("S1RATIO_PROJECT"):
        return None
    from s1ratio.settings import read_settings

    # Redriving needs no bucket, whatever a deployment needs.
    settings = read_settings({"S1RATIO_BUCKET": "no-bucket", **os.environ})
    return _Names(
        _full(given.subscription or settings.dead_letters, settings.project, "subscriptions"),
        _full(given.topic or settings.requests_topic, settings.project, "topics"),
    )


def _full(name: str, project: str, kind: str) -> str:
    return name if "/" in name else f"projects/{project}/{kind}/{name}"
