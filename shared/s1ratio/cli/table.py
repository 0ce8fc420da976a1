"""A summary as a table for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table, shown
from s1ratio.records import RequestState
from s1ratio.services.commands.change import Change

_COLOURS = {"VERIFIED": "green", "SUCCEEDED": "green", "FAILED": "red", "REJECTED": "red"}


def task_table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table of export tasks; where it is too wide, their names alone fold."""
    table = new_table("export task", *columns, title=title)
    for column in table.columns[1:]:
        column.no_wrap = True
    return table


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


def print_summary(summary: dict[str, Any], console: Console | None = None) -> None:
    """Print the request's state, its tasks, what went wrong, and the files, each on one line."""
    out = console or open_console()
    wish = f", to be cancelled: {summary['cancelling']}" if _is_cancelling(summary) else ""
    say(out, f"request {summary['request_id']}: ", _coloured(summary["state"]), wish)
    for fault in summary["reasons"]:
        say(out, f"  {fault['path']}: {fault['message']}")
    if summary["error"]:
        say(out, f"  {summary['error']}")
    for note in summary["notes"]:
        say(out, f"  {note}")
    if summary["tasks"]:
        _print_tasks(summary["tasks"], out)


def _print_tasks(tasks: Sequence[dict[str, Any]], out: Console) -> None:
    table = task_table("orbit", "footprint", "valid", "state")
    for task in tasks:
        add_row(
            table,
            task["id"],
            short_orbit(task["orbit"], task["direction"]),
            short_share(task["footprint_share"]),
            short_share(task["valid_share"]),
            _coloured(task["state"]),
        )
    show_table(out, table)
    for task in tasks:
        for said in [*task["notes"], *([task["error"]] if task["error"] else [])]:
            say(out, f"{task['id']}: {said}")
    files = (name for task in tasks if not task["parts"] for name in task["files"])
    for name in dict.fromkeys(files):
        say(out, name, whole=True)


def _is_cancelling(summary: dict[str, Any]) -> bool:
    """Tell whether a cancel is stored that the poller has yet to do."""
    return bool(summary["cancelling"]) and not RequestState(summary["state"]).terminal


def print_changes(changes: Sequence[Change], dry_run: bool, console: Console | None = None) -> None:
    """Print what a command changed of requests and tasks, or would have."""
    out = console or open_console()
    if not changes:
        say(out, "nothing to do")
        return
    table = new_table("", "id", "was", "would be" if dry_run else "is")
    for each in changes:
        rest = ", to be cancelled" if each.to_be_cancelled else ""
        rest += f", left as it is: {each.left}" if each.left else ""
        now = Text.assemble(_coloured(each.now) if rest else shown(each.now), shown(rest))
        add_row(table, each.kind, each.id, _coloured(each.was), now)
    show_table(out, table)


def _coloured(state: str) -> Text:
    return shown(state, _COLOURS.get(state, ""))
