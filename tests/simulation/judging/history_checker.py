"""Sees every write that takes effect, and objects at once to what must never happen."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from s1ratio.errors import AccessRefused, QuotaExceeded
from s1ratio.ports import Store
from s1ratio.records import Event, RequestRecord
from s1ratio.task import Task, TaskState
from tests.simulation.judging.told import faults_of_told
from tests.simulation.world.caller import Caller

# What a person may do with an ended task or request.
BY_HAND = "operator"


class HistoryChecker:
    """Keeps the last committed state of each task and request.

    `complaints` are the rules broken, in words. `overspent` are requests that spent more than one
    may. `refused` counts the refusals of each task's starts. `started` are the tasks that were
    given an operation, by the day.
    """

    def __init__(
        self, store: Store, caller: Caller, ceiling_eecu_s: float, complaints: list[str]
    ) -> None:
        self._store, self._caller, self._ceiling = store, caller, ceiling_eecu_s
        self.tasks: dict[str, Task] = {}
        self.requests: dict[str, RequestRecord] = {}
        self.complaints: list[str] = complaints
        self.by_hand: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.out_of_quota = False
        self.overspent: set[str] = set()
        self.started: defaultdict[date, set[str]] = defaultdict(set)
        self._on: dict[str, Callable[..., None]] = {
            "transition": self._moved,
            "update_request": self._updated,
            "create_request": self._created,
            "create_accepted": self._created_whole,
        }

    def also(self, handlers: Mapping[str, Callable[..., None]]) -> None:
        """Have other calls seen, too: each by who made it, its arguments and its answer."""
        self._on |= handlers

    def look_anew(self) -> None:
        """Take what is in the store now for what was written last: it was changed by hand."""
        self.requests = {id_: r for id_ in self.requests if (r := self._store.get_request(id_))}
        found = (task for id_ in self.requests for task in self._store.find_tasks_of(id_))
        self.tasks = {task.id: task for task in found}

    def heard(self, call: str, args: tuple[Any, ...], error: Exception) -> None:
        """Take note of a call that failed: how often which task's start was refused."""
        if call == "start" and isinstance(error, AccessRefused):
            self.refused[args[1].id] += 1
        self.out_of_quota |= isinstance(error, QuotaExceeded)

    def saw(
        self, who: str, call: str, args: tuple[Any, ...], named: dict[str, Any], answer: Any
    ) -> None:
        """Take note of a call to a port that took effect."""
        note = self._on.get(call)
        if note is not None:
            note(who, *args, **named, answer=answer)

    def _created(self, _: str, record: RequestRecord, answer: RequestRecord) -> None:
        self.requests.setdefault(record.id, answer)

    def _created_whole(
        self,
        who: str,
        record: RequestRecord,
        tasks: Any,
        events: Any = (),
        *,
        answer: tuple[RequestRecord, Any],
    ) -> None:
        """Take note of a request that came with its tasks, which nobody had before."""
        known = [task.id for task in tasks if task.id in self.tasks]
        self._object(bool(known), f"{who} made {known} of {record.id} anew")
        self.requests[record.id] = answer[0]
        self.tasks |= {task.id: task for task in answer[1]}
        own = [event for event in events if event.subject == record.id]
        numbers = 0, record.sequence
        self._told(who, record.id, numbers, own, changed=True, state=record.state.value)

    def _moved(
        self,
        who: str,
        task: Task,
        to: Task,
        expected: Any,
        events: Any = (),
        *,
        children: Any = (),
        claim: Any = None,
        answer: Task,
    ) -> None:
        del claim
        self.by_hand[task.id] += task.ended
        last = self.tasks.get(task.id)
        stale = last is not None and last.version != expected
        self._object(stale, f"{who} overwrote {task.id}: it had seen v{expected}")
        self._object(task.ended and BY_HAND not in who, f"{who} moved {task.id}, which had ended")
        skips = to.run.attempt > task.run.attempt + 1
        self._object(skips, f"{who} skipped an attempt of {task.id}")
        starts = task.state is TaskState.PLANNED and to.state is TaskState.STARTING
        record = self.requests.get(task.plan.request_id)
        self._object(
            starts and record is not None and record.state.terminal,
            f"{who} starts {task.id}, whose request is {record.state if record else None}",
        )
        self.tasks[task.id] = answer
        self._noted(task, to)
        self._check_leader(who, task, to)
        own = [event for event in events if event.subject == task.id]
        numbers, ends = (task.sequence, to.sequence), to.ended and not task.ended
        self._told(who, to.id, numbers, own, changed=ends, state=to.state.value)
        for child in children:
            self._object(child.family.parent != task.id, f"{child.id} is no child of {task.id}")

    def _noted(self, task: Task, to: Task) -> None:
        """Note an operation that a task has on record from now on: it must be its site's."""
        operation = to.run.operation
        if operation is None or operation == task.run.operation:
            return
        now = self._caller.note(operation)
        if task.run.operation is None:
            self.started[now.date()].add(task.id)

    def _check_leader(self, who: str, task: Task, to: Task) -> None:
        """Object to a task that waits for the pixels of another graph than it would POST."""
        leader = self.tasks.get(to.pixels.waits_for or "")
        own = self._caller.graph_of(task.plan)
        if leader is None or own is None or to.pixels.waits_for == task.pixels.waits_for:
            return
        makers = [maker.graph for maker in leader.origin.made_by]
        self._object(own not in makers, f"{who} lets {task.id} wait for {leader.id}: {makers}")

    def _updated(
        self, who: str, record: RequestRecord, expected: Any, events: Any = (), *, answer: Any
    ) -> None:
        del expected
        last = self.requests.get(record.id)
        ended = last is not None and last.state.terminal
        self._object(ended and BY_HAND not in who, f"{who} moved request {record.id} from its end")
        if record.state.terminal and not ended:
            open_ = [task.id for task in self._store.find_tasks_of(record.id) if not task.ended]
            self._object(bool(open_), f"{who} ended request {record.id}, but not {open_}")
        self.requests[record.id] = answer
        self._check_spent(who, record)
        numbers = last.sequence if last is not None else 0, record.sequence
        ends, state = record.state.terminal and not ended, record.state.value
        self._told(who, record.id, numbers, events, changed=ends, state=state)

    def _check_spent(self, who: str, record: RequestRecord) -> None:
        """Object to a request that goes on though it spent more than one may."""
        if record.eecu_seconds <= self._ceiling:
            return
        self.overspent.add(record.id)
        goes_on = record.cancelling is None and not record.state.terminal and BY_HAND not in who
        self._object(goes_on, f"{who} lets {record.id} go on: it spent {record.eecu_seconds}")

    def _told(
        self,
        who: str,
        name: str,
        numbers: tuple[int, int],
        events: Sequence[Event],
        **change: Any,
    ) -> None:
        """Object to what is told with a write, or is not."""
        for words in faults_of_told(name, numbers, events, **change):
            self.complaints.append(f"{who}: {words}")

    def _object(self, broken: bool, words: str) -> None:
        if broken:
            self.complaints.append(words)
