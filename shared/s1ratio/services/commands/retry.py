"""Retry: ended tasks, and a request that came to nothing, are set going once more by a person.

In this order, so that dying anywhere leaves nothing that a second call does not mend: the request
first, then what tasks were split from, then each task, and the request once more. A poller that
ends the request or a parent again in between, since nothing of it was open yet, is noticed and set
right; one that has counted the tasks before they moved finds the request written since.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from s1ratio import task as tasks
from s1ratio.commands.marks import marked
from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.selection import (
    Selection,
    find_request,
    select_failed_requests,
    select_tasks,
)
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import due_from, set_going, update_request
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.fairness import not_in_line
from s1ratio.task import Task, TaskState

_WHY_LEFT = "gone from the store: {}; send the message again under another request_id"
WITHOUT_OUTPUT = (TaskState.FAILED, TaskState.CANCELLED)
ENDED = (*WITHOUT_OUTPUT, TaskState.VERIFIED, TaskState.EMPTY, TaskState.SUCCEEDED)


def retry(
    context: Context, wish: Selection, dry_run: bool = False, command: str | None = None
) -> list[Change]:
    """Set the FAILED and CANCELLED tasks that are meant going again; return what changed.

    A request that ended before it had its tasks is expanded again if it is meant as a whole, or by
    the class of its error. One that is still being cancelled is left alone, and so are its tasks.
    What is set going before its period is over waits for that. Safe to do again; what a `command`
    of this id has set going is left as it has become since. Raises UnknownRecord.
    """
    return _Retry(context, dry_run, command).run(wish, WITHOUT_OUTPUT)


def resubmit(context: Context, wish: Selection, dry_run: bool = False) -> list[Change]:
    """Do the same with every ended task that is meant, whatever it came to."""
    return _Retry(context, dry_run).run(wish, ENDED)


class _Retry:
    """One call: the requests that it has met, whether each may go on, and what it changed."""

    def __init__(self, context: Context, dry_run: bool, command: str | None = None) -> None:
        self.context, self.dry_run, self.command = context, dry_run, command
        self.going: dict[str, bool] = {}
        self.priorities: dict[str, int | None] = {}
        self.due: dict[str, datetime] = {}
        self.changes: list[Change] = []
        self.places = Counter[str]()  # in line, of each request's tasks
        self.gone: dict[str, list[str]] = {}  # of what was split the parts that are gone

    def run(self, wish: Selection, states: tuple[TaskState, ...]) -> list[Change]:
        """Change what the wish names; return what was changed, and what was not."""
        if wish.whole_request:
            self._whole(find_request(self.context.store, wish))
        for record in select_failed_requests(self.context.store, wish):
            self._may_go(record.id)
        for task in select_tasks(self.context.store, wish, states):
            if not task.ended or task.family.parts or self.command in task.origin.commands:
                continue
            if gone := self._find_gone(task):
                self.changes.append(Change.none_of(task, _WHY_LEFT.format(", ".join(gone))))
            elif self._may_go(task.plan.request_id):
                self._task(task)
        if not self.dry_run:
            for name, going in self.going.items():
                if going:
                    self._request(name, moved=self.places[name] > 0)
        return self.changes

    def _whole(self, record: RequestRecord) -> None:
        """Set a request going that ended before it had its tasks, or although some are open."""
        is_new = self.command not in record.commands
        unexpanded = record.state.terminal and not record.size and is_new
        if record.cancelling is not None or unexpanded or self._ended_early(record):
            self._may_go(record.id)

    def _ended_early(self, record: RequestRecord) -> bool:
        found = self.context.store.find_tasks_of(record.id) if record.state.terminal else ()
        return any(not task.ended for task in found)

    def _may_go(self, request_id: str) -> bool:
        """Tell whether tasks of a request may be set going; before that, it is itself."""
        if request_id not in self.going:
            self.going[request_id] = self._request(request_id)
        return self.going[request_id]

    def _request(self, request_id: str, moved: bool = False) -> bool:
        """Set a request going, and tell whether its tasks may be.

        Once they have `moved` it is written even if it stands as it should: a poller may have ended
        it before its first task was open, or be about to.
        """
        record = self.context.store.get_request(request_id)
        self.priorities[request_id] = record.priority if record else None
        if record is None:  # deleted when it was old: nobody would follow its tasks
            return False
        self.due[request_id] = due_from(record, self.context.clock.now())
        if record.cancelling is not None:
            self.changes.append(Change.of_request(record, record))
            return False
        after = self._set_going(record)
        if (moved or after != record) and not self.dry_run:
            after = update_request(self.context, record, self._set_going, always=moved)
        if after.state is not record.state:
            self.changes.append(Change.of_request(record, after))
        return True

    def _set_going(self, record: RequestRecord) -> RequestRecord:
        going = set_going(record, self.context.clock.now())
        return replace(going, commands=marked(record.commands, self.command))

    def _task(self, task: Task) -> None:
        place = self.places[task.plan.request_id]
        self.places[task.plan.request_id] += 1
        name = task.plan.request_id
        due, turn, priority = self.due[name], not_in_line(place), self.priorities[name]
        after = tasks.replanned(task, due, turn, priority, self.command)
        if not self.dry_run:
            self._reopen_parents(task)
            with suppress(Conflict):  # whoever came first has set it going, too
                after = commit_task(self.context, task, after)
            self._reopen_parents(task)
        self.changes.append(Change.of_task(task, after))

    def _find_gone(self, task: Task) -> list[str]:
        """Return the parts that are gone of what a task is a part of: it could never end again."""
        parent = self.context.store.get_task(task.family.parent) if task.family.parent else None
        if parent is None:
            return []
        if parent.id not in self.gone:
            found = self.context.store.get_tasks(parent.children)
            missing = [name for name in parent.children if name not in found]
            self.gone[parent.id] = missing + self._find_gone(parent)
        return self.gone[parent.id]

    def _reopen_parents(self, task: Task) -> None:
        """Make SPLIT again what a task is a part of, the whole before its parts."""
        parent = self.context.store.get_task(task.family.parent) if task.family.parent else None
        if parent is None:
            return
        self._reopen_parents(parent)
        if parent.ended:
            with suppress(Conflict):
                commit_task(self.context, parent, tasks.reopened(parent))
