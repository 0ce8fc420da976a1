"""What the commands have in common that change requests and tasks in the store."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, environment_of, print_none
from s1ratio.cli.target import add_target
from s1ratio.cli.terminal import print_json
from s1ratio.error_classes import ErrorClass

if TYPE_CHECKING:
    from s1ratio.services.commands.change import Change
    from s1ratio.services.commands.selection import Selection
    from s1ratio.services.context import Context
    from s1ratio.task import TaskState

    Action = Callable[[Context, Selection], list[Change]]


def add_selection(parser: argparse.ArgumentParser, *, over_https: bool = False) -> None:
    """Add what selects requests and tasks, --dry-run, whom to work with, and --json."""
    parser.add_argument("request_id", metavar="REQUEST_ID", nargs="?", help="a request's tasks")
    parser.add_argument(
        "--task", metavar="ID", action="append", default=[], help="this task; may be repeated"
    )
    parser.add_argument("--state", metavar="STATE", type=_state, help="tasks in this state")
    parser.add_argument(
        "--error", metavar="CLASS", type=_error_class, help="tasks whose error is of this class"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    (add_target if over_https else add_out)(parser)
    add_json(parser)
    parser.set_defaults(parser=parser)


def change(options: argparse.Namespace, action: Action) -> int:
    """Do something to what was selected, and print what changed; return the exit status."""
    from s1ratio.bootstrap import make_command_context
    from s1ratio.services.commands.selection import Selection

    wish = Selection(options.request_id, tuple(options.task), options.state, options.error)
    if wish == Selection():
        options.parser.error("name a request, or select by --task, --state or --error")
    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    show = _printer(options)
    context = make_command_context(environment)
    with contextlib.closing(context.store):
        changes = action(context, wish)
    show(changes)
    return 0


def _printer(options: argparse.Namespace) -> Callable[[list[Change]], None]:
    """Return what prints the changes; made before any is done, as what it needs may be missing."""
    if options.json:
        return lambda changes: _print_json(changes, options.dry_run)
    from s1ratio.cli.table import print_changes

    return lambda changes: print_changes(changes, dry_run=options.dry_run)


def _print_json(changes: list[Change], dry_run: bool) -> None:
    document = {"dry_run": dry_run, "changes": [each.json() for each in changes]}
    print_json(document)


def _error_class(text: str) -> ErrorClass:
    try:
        return ErrorClass(text.lower())
    except ValueError:
        words = f"{text} is no class of errors: one of {', '.join(ErrorClass)}"
        raise argparse.ArgumentTypeError(words) from None


def _state(text: str) -> TaskState:
    from s1ratio.task import TaskState

    try:
        return TaskState(text.upper())
    except ValueError:
        words = f"{text} is no state: one of {', '.join(TaskState)}"
        raise argparse.ArgumentTypeError(words) from None
