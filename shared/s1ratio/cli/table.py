"""A summary as a table for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from s1ratio.records import RequestState
from s1ratio.services.commands.change import Change

_COLOURS = {"VERIFIED": "green", "SUCCEEDED": "green", "FAILED": "red", "REJECTED": "red"}


def task_table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table of export tasks; their names stay whole, to be copied."""
    table = Table(title=title)
    table.add_column("export task", no_wrap=True)
    for words in columns:
        table.add_column(words, overflow="fold")
    return table


def print_summary(summary: dict[str, Any], console: Console | None = None) -> None:
    """Print the request's state, its tasks, what went wrong, and the files, each on one line."""
    out = console or Console()
    wish = f", to be cancelled: {escape(summary['cancelling'])}" if _is_cancelling(summary) else ""
    out.print(f"request {summary['request_id']}: {_coloured(summary['state'])}{wish}")
    for fault in summary["reasons"]:
        out.print(f"  {fault['path']}: {fault['message']}", markup=False)
    if summary["error"]:
        out.print(f"  {summary['error']}", markup=False)
    for note in summary["notes"]:
        out.print(f"  {note}", markup=False)
    if summary["tasks"]:
        _print_tasks(summary["tasks"], out)


def _print_tasks(tasks: Sequence[dict[str, Any]], out: Console) -> None:
    table = task_table("orbit", "of the area", "state", "height × width px")
    for task in tasks:
        height, width = task["shape"]
        table.add_row(
            task["id"],
            f"{task['orbit']} {task['direction'].lower()}",
            "" if task["aoi_share"] is None else f"{task['aoi_share']:.0%}",
            _coloured(task["state"]),
            f"{height} × {width}",
        )
    out.print(table)
    for task in tasks:
        for said in [*task["notes"], *([task["error"]] if task["error"] else [])]:
            out.print(f"{task['id']}: {said}", markup=False)
    files = (name for task in tasks if not task["parts"] for name in task["files"])
    for name in dict.fromkeys(files):
        out.print(name, markup=False, soft_wrap=True)  # on one line, to be copied


def _is_cancelling(summary: dict[str, Any]) -> bool:
    """Tell whether a cancel is stored that the poller has yet to do."""
    return bool(summary["cancelling"]) and not RequestState(summary["state"]).terminal


def print_changes(changes: Sequence[Change], dry_run: bool, console: Console | None = None) -> None:
    """Print what a command changed of requests and tasks, or would have."""
    out = console or Console()
    if not changes:
        out.print("nothing to do")
        return
    table = Table("", "id", "was", "would be" if dry_run else "is")
    for each in changes:
        now = f"{_coloured(each.now)}, to be cancelled" if each.to_be_cancelled else each.now
        table.add_row(each.kind, each.id, _coloured(each.was), now)
    out.print(table)


def _coloured(state: str) -> str:
    colour = _COLOURS.get(state)
    return f"[{colour}]{state}[/{colour}]" if colour else state
