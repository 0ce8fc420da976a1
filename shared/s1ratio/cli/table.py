"""A summary as a table for people."""

import shlex
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table, shown
from s1ratio.pictures.invented import INVENTED
from s1ratio.records import RequestState
from s1ratio.services.commands.change import Change

_COLOURS = {"VERIFIED": "green", "SUCCEEDED": "green", "FAILED": "red", "REJECTED": "red"}

# What a shell takes for more than a part of a name.
_ACTING = frozenset(" \t'\"$`&;()*?!#~<>|{}[]\\")


def task_table(*columns: str) -> Table:
    """Return an empty table of export tasks, whose names and states stay whole."""
    return new_table("export task", *columns, whole=True)


def short_orbit(orbit: int, direction: str) -> str:
    """Return an orbit and its direction, `ASCENDING` or `DESCENDING`, such as `22 desc`."""
    return f"{orbit} {direction.lower().removesuffix('ending')}"


def short_share(share: float | None) -> str:
    """Return a share in percent; what is not quite all or nothing never looks as if it were."""
    if share is None:
        return ""
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return "<1%"
    return ">99%" if percent == 100 and share < 1 else f"{percent}%"


def print_summary(summary: dict[str, Any], console: Console | None = None, below: str = "") -> None:
    """Print the request's state, its tasks, what went wrong, and the files, each on one line.

    `below` is what stands before the names of files, so that they can be copied: the folder of a
    local run, or the bucket.
    """
    out = console or open_console()
    wish = f", to be cancelled: {summary['cancelling']}" if _is_cancelling(summary) else ""
    name = f"request {summary['request_id']}: "
    say(out, name, coloured(summary["state"]), wish, whole=True)
    if summary.get("synthetic"):
        say(out, shown(f"  {INVENTED}", "bold red"))
    for fault in summary["reasons"]:
        say(out, "  ", f"{fault['path']}: " if fault["path"] else "", fault["message"])
    if summary["error"]:
        say(out, f"  {summary['error']}")
    for note in summary["notes"]:
        say(out, f"  {note}")
    if summary["tasks"]:
        _print_tasks(summary["tasks"], out)
        _print_files(summary, out, below)


def _print_tasks(tasks: Sequence[dict[str, Any]], out: Console) -> None:
    table = task_table("orbit", "footprint", "valid", "state")
    for task in tasks:
        add_row(
            table,
            task["id"],
            short_orbit(task["orbit"], task["direction"]),
            short_share(task["footprint_share"]),
            short_share(task["valid_share"]),
            coloured(task["state"]),
        )
    show_table(out, table)
    for task in tasks:
        notes = [] if task["parts"] else task["notes"]  # its parts say theirs
        for said in [*notes, *([task["error"]] if task["error"] else [])]:
            say(out, f"{task['id']}: {said}", whole=True)


def _print_files(summary: dict[str, Any], out: Console, below: str) -> None:
    """Print the paths of the exports, the mosaics, the pictures and the styles, to be copied."""
    names = [
        *(name for task in summary["tasks"] if not task["parts"] for name in task["files"]),
        *summary.get("mosaics", ()),
        *summary.get("quicklooks", ()),
        *summary.get("styles", ()),
    ]
    for name in dict.fromkeys(names):
        say(out, _copyable(f"{below}{name}"), whole=True)


def _copyable(path: str) -> str:
    """Return a path as a shell takes it: in quotes where it has spaces or the like."""
    return shlex.quote(path) if _ACTING.intersection(path) else path


def _is_cancelling(summary: dict[str, Any]) -> bool:
    """Tell whether a cancel is stored that the poller has yet to do."""
    return bool(summary["cancelling"]) and not RequestState(summary["state"]).terminal


def print_changes(changes: Sequence[Change], dry_run: bool, console: Console | None = None) -> None:
    """Print what a command changed of requests and tasks, or would have."""
    out = console or open_console()
    if not changes:
        say(out, "nothing to do")
        return
    table = new_table("id", "", "was", "would be" if dry_run else "is", whole=True)
    for each in changes:
        rest = ", to be cancelled" if each.to_be_cancelled else ""
        now = Text.assemble(coloured(each.now) if rest else shown(each.now), shown(rest))
        add_row(table, each.id, each.kind, coloured(each.was), now)
    show_table(out, table)
    for each in changes:
        if each.left:
            say(out, f"{each.id}: left as it is: {each.left}", whole=True)


def coloured(state: str) -> Text:
    """Return a state in its colour."""
    return shown(state, _COLOURS.get(state, ""))
