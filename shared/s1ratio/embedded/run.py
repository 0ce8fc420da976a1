"""One message end to end: published, launched, polled until nothing more will happen."""

import json
import shlex
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from s1ratio.cli.screen import say
from s1ratio.cli.terminal import plain
from s1ratio.cli.waiting import hold_lines, tell_doing
from s1ratio.embedded.cloud import BUCKET, EmbeddedCloud, embedded_cloud
from s1ratio.embedded.mosaic import write_mosaic
from s1ratio.embedded.pictures import write_picture, write_qgis_style
from s1ratio.embedded.whole_file import write_whole
from s1ratio.errors import InvalidRequest, ObjectMissing, RecordMissing
from s1ratio.faults import Fault
from s1ratio.pictures.subject import subject_of
from s1ratio.plan import ExportTask
from s1ratio.ports import Store
from s1ratio.records import RequestRecord
from s1ratio.request import CompositeRequest, Message, read_message
from s1ratio.services.requesting.reject import rejection_id
from s1ratio.settings import Settings
from s1ratio.summary import summarize, waits_until
from s1ratio.task import Task

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
    tell_doing(f"request {message.request_id} is taken in")
    with embedded_cloud(out, catalog) as cloud:
        cloud.publish(payload)
        _check_taken(cloud.store, message, payload)
        record = _followed(cloud, message.request_id, console)
        tasks = list(cloud.store.find_tasks_of(record.id))
    summary = summarize(record, tasks, BUCKET, synthetic=catalog is None)
    summary["waits_until"] = waits_until(record, tasks, datetime.now(UTC))
    add_pictures(summary, {task.id: task.plan for task in tasks}, message.request, out)
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


def add_pictures(
    summary: dict[str, Any], plans: dict[str, ExportTask], request: CompositeRequest, out: Path
) -> None:
    """Put mosaics, pictures and styles beside what a run exported, and their names in its summary.

    Names are below the folder `out`.
    """
    done = [task for task in summary["tasks"] if task["state"] in {"VERIFIED", "SUCCEEDED"}]
    mosaics = [
        (_mosaic(task, plans[task["id"]], out), task["id"]) for task in done if task["parts"]
    ]
    whole = [(name, task["id"]) for task in done if not task["parts"] for name in task["files"]]
    summary["mosaics"] = [name for name, _ in mosaics]
    summary["quicklooks"] = pictures = []
    summary["styles"] = styles = []
    if whole or mosaics:
        tell_doing(f"request {summary['request_id']}: pictures are drawn")
    for name, task_id in whole + mosaics:
        plan = plans[task_id]
        raster = _there(out / name, plan.request_id, out)
        subject = subject_of(plan, request, synthetic=summary["synthetic"])
        pictures.append(str(write_picture(raster, plan.bands, subject).relative_to(out)))
        styles.append(str(write_qgis_style(raster, plan.bands, subject).relative_to(out)))


def _mosaic(task: dict[str, Any], plan: ExportTask, out: Path) -> str:
    """Put one image beside the parts of a split task; return its path below `out`."""
    files = [_there(out / name, plan.request_id, out) for name in task["files"]]
    path = files[0].with_name(f"{plan.id}.vrt")
    shape = plan.grid.height, plan.grid.width
    return str(write_mosaic(path, plan.grid.transform, shape, files).relative_to(out))


def _there(path: Path, request_id: str, out: Path) -> Path:
    if not path.is_file():
        again = shlex.join(["s1ratio", "resubmit", request_id, "--out", str(out)])
        words = f"{path} was exported and is gone: `{again}`, then this run again, exports it anew"
        raise ObjectMissing(words)
    return path


def _followed(cloud: EmbeddedCloud, request_id: str, console: Console) -> RequestRecord:
    """Tick until the request ends or has nothing to do now; return it.

    On a terminal bars show how far it is, from the first task on; elsewhere lines do.
    """
    with _Bars(console) as bars:
        while True:
            report = cloud.tick()
            record = cloud.store.get_request(request_id)
            if record is None:
                raise RecordMissing(f"request {request_id} is not in the store")
            tasks = cloud.store.find_tasks_of(request_id)
            bars.show(tasks)
            tell_doing(_progress_words(request_id, tasks))
            for trouble in report["troubles"]:
                say(console, trouble)
            if record.state.terminal and _is_catalogued(tasks):
                return record
            if waits_until(record, tasks, datetime.now(UTC)):
                return record
            time.sleep(_TICK_S)


def _is_catalogued(tasks: Sequence[Task]) -> bool:
    """Tell whether nothing is to be catalogued now; what was put off waits for the next run."""
    due = [task.catalogue.catalogue_due for task in tasks]
    return not any(at is not None and at <= datetime.now(UTC) for at in due)


def _progress_words(request_id: str, tasks: Sequence[Task]) -> str:
    """Return how far a request is, in a line."""
    if not tasks:
        return f"request {request_id}: its orbits are looked for"
    ended = sum(task.ended for task in tasks)
    running = [f"{task.id} {task.run.progress:.0%}" for task in tasks if not task.ended]
    rest = f"; {', '.join(running[:3])}{' …' if len(running) > 3 else ''}" if running else ""
    return f"request {request_id}: {ended} of {len(tasks)} export tasks have ended{rest}"


class _Bars:
    """A bar for each task, once there is one, while the context lasts."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %", markup=False),
        )
        self._progress = Progress(*columns, TimeElapsedColumn(), console=console)
        self._bars: dict[str, TaskID] = {}
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def show(self, tasks: Sequence[Task]) -> None:
        """Show where the tasks stand."""
        if tasks and not self._bars:
            self._ends.enter_context(self._progress)
            if self._progress.console.is_terminal:
                self._ends.enter_context(hold_lines())
        for task in tasks:
            words = plain(f"{task.id} {task.state.value.lower():9}")
            if task.id not in self._bars:
                self._bars[task.id] = self._progress.add_task(words, total=1.0)
            done = 1.0 if task.ended else 0.95 * task.run.progress
            self._progress.update(self._bars[task.id], completed=done, description=words)
