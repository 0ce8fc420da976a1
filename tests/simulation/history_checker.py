"""Sees every write that takes effect, and objects at once to what must never happen."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from s1ratio.ports import Store
from s1ratio.records import Event, RequestRecord
from s1ratio.task import Task, TaskState

# What a person may do with an ended task or request.
BY_HAND = "operator"


class HistoryChecker:
    """Keeps the last committed state of each task and request, and every event.

    `complaints` are the rules broken, in words.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tasks: dict[str, Task] = {}
        self.requests: dict[str, RequestRecord] = {}
        self.events: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.complaints: list[str] = []
        self.by_hand: Counter[str] = Counter()
        self._on: dict[str, Callable[..., None]] = {
            "transition": self._moved,
            "update_request": self._updated,
            "create_request": self._created,
        }

    def saw(
        self, who: str, call: str, args: tuple[Any, ...], named: dict[str, Any], answer: Any
    ) -> None:
        """Take note of a call to a port that took effect."""
        note = self._on.get(call)
        if note is not None:
            note(who, *args, **named, answer=answer)

    def _created(self, _: str, record: RequestRecord, answer: RequestRecord) -> None:
        self.requests.setdefault(record.id, answer)

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
        self._told(events, f"{task.id} a{to.run.attempt}", to.ended and not task.ended)
        for child in children:
            self._object(child.family.parent != task.id, f"{child.id} is no child of {task.id}")

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
        self._told(events, f"{record.id} r{record.round}", record.state.terminal and not ended)

    def _told(self, events: "list[Event]", what: str, ends: bool) -> None:
        self.events.update(event.id for event in events)
        self.ends[what] += ends
        self._object(len(events) != ends, f"{what}: {len(events)} events, ends: {ends}")

    def _object(self, broken: bool, words: str) -> None:
        if broken:
            self.complaints.append(words)
