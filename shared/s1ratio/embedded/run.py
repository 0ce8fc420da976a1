"""One message end to end: published, launched, polled until nothing more will happen."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from s1ratio.cli.screen import say
from s1ratio.cli.terminal import plain
from s1ratio.embedded.cloud import BUCKET, EmbeddedCloud, embedded_cloud
from s1ratio.embedded.mosaic import write_mosaic
from s1ratio.embedded.quicklook import write_quicklook
from s1ratio.embedded.whole_file import write_whole
from s1ratio.errors import InvalidRequest, ObjectMissing, RecordMissing
from s1ratio.faults import Fault
from s1ratio.ports import Store
from s1ratio.records import RequestRecord
from s1ratio.request import Message, read_message
from s1ratio.services.requesting.launch import rejection_id
from s1ratio.settings import Settings
from s1ratio.summary import summarize, waits_until

_TICK_S = 0.5
_REJECTIONS_PAGE = 10_000  # of one folder
_SETTINGS = Settings(project="", bucket="", allow_drive=True)


def run_message(
    payload: bytes, out: Path, catalog: Path | None, console: Console
) -> dict[str, Any]:
    """Run a message over the folder `out`; return the summary that is left there.

    Raises InvalidRequest with every fault, be it found here or by the functions; ObjectMissing
    where a run before this one left files that are gone. Ends early, with `waits_until` in the
    summary, where the request's period is not over yet.
    """
    message = read_message(payload, _SETTINGS.limits(datetime.now(UTC).date()))
    with embedded_cloud(out, catalog) as cloud:
        cloud.publish(payload)
        _check_taken(cloud.store, message, payload)
        record = _followed(cloud, message.request_id, console)
        tasks = list(cloud.store.find_tasks_of(record.id))
    summary = summarize(record, tasks, BUCKET)
    summary["waits_until"] = waits_until(record, tasks, datetime.now(UTC))
    done = [task for task in summary["tasks"] if task["state"] in {"VERIFIED", "SUCCEEDED"}]
    summary["mosaics"] = [_mosaic(task, out) for task in done if task["parts"]]
    whole = [name for task in done if not task["parts"] for name in task["files"]]
    summary["quicklooks"] = [
        str(_quicklook(out / name).relative_to(out)) for name in (*whole, *summary["mosaics"])
    ]
    write_whole(out / "summary.json", f"{json.dumps(summary, indent=2)}\n".encode())
    return summary


def _check_taken(store: Store, message: Message, payload: bytes) -> None:
    """Raise InvalidRequest, as the functions worded it, if they rejected what was published."""
    record = store.get_request(message.request_id)
    if record is not None and record.digest == message.digest:
        return
    name = rejection_id(payload)
    said = [each.reasons for each in store.find_rejections(_REJECTIONS_PAGE) if each.id == name]
    unsaid = (Fault("", "rejected", "the message was rejected, and nobody says why"),)
    raise InvalidRequest(said[0] if said else unsaid)


def _mosaic(task: dict[str, Any], out: Path) -> str:
    """Put one image beside the parts of a split task; return its path below `out`."""
    files = [_there(out / name) for name in task["files"]]
    path = files[0].with_name(f"{task['id']}.vrt")
    height, width = task["shape"]
    return str(write_mosaic(path, task["transform"], (height, width), files).relative_to(out))


def _quicklook(path: Path) -> Path:
    return write_quicklook(_there(path))


def _there(path: Path) -> Path:
    if not path.is_file():
        words = f"{path} was exported and is gone: take another folder, or another request_id"
        raise ObjectMissing(words)
    return path


def _followed(cloud: EmbeddedCloud, request_id: str, console: Console) -> RequestRecord:
    """Tick until the request ends or has nothing to do now; return it."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bars: dict[str, TaskID] = {}
        while True:
            report = cloud.tick()
            record = cloud.store.get_request(request_id)
            if record is None:
                raise RecordMissing(f"request {request_id} is not in the store")
            tasks = cloud.store.find_tasks_of(request_id)
            _show(progress, bars, tasks)
            for trouble in report["troubles"]:
                say(progress.console, trouble)
            if record.state.terminal or waits_until(record, tasks, datetime.now(UTC)):
                return record
            time.sleep(_TICK_S)


def _show(progress: Progress, bars: dict[str, TaskID], tasks: Any) -> None:
    for task in tasks:
        words = plain(f"{task.id} {task.state.value.lower():9}")
        if task.id not in bars:
            bars[task.id] = progress.add_task(words, total=1.0)
        done = 1.0 if task.ended else 0.95 * task.run.progress
        progress.update(bars[task.id], completed=done, description=words)
