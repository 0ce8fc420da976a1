"""A summary as a table for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from s1ratio.services.change import Change

_COLOURS = {"VERIFIED": "green", "SUCCEEDED": "green", "FAILED": "red", "REJECTED": "red"}


def print_summary(summary: dict[str, Any], console: Console | None = None) -> None:
    """Print the request's state, its tasks with their files, and what went wrong."""
    out = console or Console()
    out.print(f"request {summary['request_id']}: {_coloured(summary['state'])}")
    for fault in summary["reasons"]:
        out.print(f"  {fault['path']}: {fault['message']}", markup=False)
    if summary["error"]:
        out.print(f"  {summary['error']}", markup=False)
    if not summary["tasks"]:
        return
    table = Table("export task", "orbit", "of the area", "state", "height × width px")
    table.add_column("files", overflow="fold")
    for task in summary["tasks"]:
        height, width = task["shape"]
        said = [*task["files"], *task["notes"], *([task["error"]] if task["error"] else [])]
        table.add_row(
            task["id"],
            f"{task['orbit']} {task['direction'][:4].lower()}.",
            "" if task["aoi_share"] is None else f"{task['aoi_share']:.0%}",
            _coloured(task["state"]),
            f"{height} × {width}",
            "\n".join(said),
        )
    out.print(table)


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
