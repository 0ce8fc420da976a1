"""The queue: how much waits for its start, what holds it up, and what goes first."""

from typing import Any

from s1ratio.progress import HELD_WORDS
from s1ratio.services.reading.call import Answer, Call, link
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.parameters import limit
from s1ratio.services.reading.plain import plain
from s1ratio.services.waiting.holds import midnight_before, read_holds
from s1ratio.task import Task

_USUAL = 10
QUEUE_PARAMETERS = (limit(100, _USUAL),)


def show_queue(context: ReadingContext, call: Call) -> Answer:
    """Return the queue in numbers, and the first in line."""
    store, settings, now = context.store, context.settings, context.clock.now()
    holds = read_holds(store, settings, now)
    line = store.find_startable(now, call.query.get("limit", _USUAL))
    told = {
        "active": store.count_active(),
        "max_active": settings.max_active,
        "planned": store.count_planned(),
        "started_today": store.count_started(midnight_before(now)),
        "max_tasks_day": settings.max_tasks_day,
        "oldest_start": plain(store.find_oldest_start()),
        "holds": [
            {"reason": reason.value, "words": HELD_WORDS[reason], "until": plain(until)}
            for reason, until in holds.items()
        ],
        "line": [_tell(call, task) for task in line],
        "links": [call.self_link()],
    }
    return Answer(told)


def _tell(call: Call, task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "jobID": task.plan.request_id,
        "priority": task.place.priority,
        "turn": task.place.turn,
        "not_before": plain(task.place.not_before),
        "created_at": plain(task.created_at),
        "waits_for": task.pixels.waits_for,
        "links": [link("up", call.url_of("jobs", task.plan.request_id), "Its job")],
    }
