"""What must hold when a schedule is over, whatever happened in it. Every breach in words."""

from collections.abc import Iterable, Iterator

from s1ratio import errors
from s1ratio.records import RequestState
from s1ratio.services.following.observe import MAX_ATTEMPTS
from s1ratio.services.requesting.launch import rejection_id
from s1ratio.task import Task, TaskState, task_of
from tests.simulation.operation_fates import ERRORS, FatedOperation
from tests.simulation.run import Run

_THERE = {TaskState.VERIFIED, TaskState.EMPTY}
_DEEPEST = 2


def breaches(run: Run) -> list[str]:
    """Return every rule that a finished run breaks."""
    tasks = {task.id: task for id_ in run.plan.valid for task in run.world.store.find_tasks_of(id_)}
    made = _by_attempt(run)
    return [
        *run.witness.complaints,
        *_errors(run),
        *_requests(run),
        *_rejections(run),
        *_operations(run, tasks, made),
        *(words for task in tasks.values() for words in _task(run, task, tasks, made)),
        *_events(run, tasks.values()),
    ]


Made = dict[tuple[str, int], list[FatedOperation]]


def _by_attempt(run: Run) -> Made:
    made: Made = {}
    for op in run.ee.fated():
        name = task_of("prod", op.description)
        assert name is not None
        made.setdefault(name, []).append(op)
    return made


def _errors(run: Run) -> Iterator[str]:
    """Only a store that can't be reached may raise; nothing unexpected may be put up with."""
    for name, error in run.stepper.errors:
        if not isinstance(error, errors.StoreUnavailable):
            yield f"{name} raised {type(error).__name__}: {error}"
    for trouble in run.troubles:
        words = trouble.split(": ")
        if any(_is_class(word) for word in words[1:2]):
            yield f"unexpected trouble: {trouble}"


def _is_class(word: str) -> bool:
    return word.isidentifier() and (hasattr(errors, word) or word.endswith("Error"))


def _requests(run: Run) -> Iterator[str]:
    for id_ in run.plan.valid:
        record = run.world.store.get_request(id_)
        if record is None:
            yield f"request {id_} was lost"
            continue
        tasks = run.world.tasks(id_)
        wanted = _state({task.state for task in tasks if not task.family.parts})
        if not tasks and run.operator.asked_for(id_):  # before it had any
            wanted = RequestState.CANCELLED
        if record.state is not wanted:
            states = {task.id: task.state.value for task in tasks}
            yield f"request {id_} is {record.state}, not {wanted}: {states}, {record.error}"
        if len(tasks) < record.size:
            yield f"request {id_} has {len(tasks)} tasks of {record.size}"


def _state(states: set[TaskState]) -> RequestState | None:
    """Return what a request of ended tasks comes to."""
    if not states or any(not state.terminal for state in states):
        return None
    if states <= _THERE:
        verified = TaskState.VERIFIED in states
        return RequestState.VERIFIED if verified else RequestState.EMPTY
    if TaskState.VERIFIED in states:
        return RequestState.PARTIAL
    failed = TaskState.FAILED in states
    return RequestState.FAILED if failed else RequestState.CANCELLED


def _rejections(run: Run) -> Iterator[str]:
    found = {rejection.id for rejection in run.world.store.find_rejections(100)}
    if found != set(map(rejection_id, run.rejectable)):
        yield f"{len(found)} rejections are recorded of {len(run.rejectable)}"


def _operations(run: Run, tasks: dict[str, Task], made: Made) -> Iterator[str]:
    """One surviving operation for each attempt, no live orphan.

    One that was gone for a while does not count: gone before its start was answered, nobody can
    know of it.
    """
    now = run.world.clock.now()
    for (id_, attempt), ops in made.items():
        survivors = [op.name for op in ops if op.survives and not op.was_away(now)]
        if len(survivors) > 1:
            yield f"{id_} a{attempt} has {len(survivors)} survivors: {survivors}"
        live = [op.name for op in ops if op.live]
        if live:
            yield f"{id_} a{attempt}: {live} still lives, the task is {tasks[id_].state}"
        if id_ not in tasks:
            yield f"{ops[0].name} is of no task: {id_}"


def _task(run: Run, task: Task, tasks: dict[str, Task], made: Made) -> Iterator[str]:
    if not task.ended:
        yield f"{task.id} has not ended: {task.state} a{task.run.attempt}, {task.trouble.error}"
        return
    own = {op.name: op for op in made.get((task.id, task.run.attempt), [])}
    op = own.get(task.run.operation or "")
    if not _is_justified(run, task, tasks, op):
        outcome = op.outcome if op else None
        yield (
            f"{task.id} a{task.run.attempt} is {task.state} "
            f"({task.trouble.error_class}: {task.trouble.error}), "
            f"but {task.run.operation} is {op.state if op else None}, {outcome}"
        )
    earlier = range(1, task.run.attempt)
    wasted = [a for a in earlier if not _was_worth(run, made.get((task.id, a), []))]
    if len(wasted) > run.witness.by_hand[task.id]:
        yield f"{task.id} wasted attempts {wasted} of {task.run.attempt}"


def _is_justified(run: Run, task: Task, tasks: dict[str, Task], op: FatedOperation | None) -> bool:
    """Tell whether a task's end is what its operation, its parts or its leader came to."""
    if task.family.parts:
        parts = [tasks[id_] for id_ in task.children]
        return all(part.ended for part in parts) and task.state is _merged(parts)
    if task.result.same_as:
        return task.state in _THERE and _has_exported(run, tasks[task.result.same_as])
    if task.state is TaskState.CANCELLED:
        return run.was_cancelled(task) or (op is not None and op.stopped_by_hand)
    return op is not None and (_by_operation(task, op) or _has_hidden_twin(run, op))


def _has_exported(run: Run, leader: Task) -> bool:
    """Tell whether a task has exported its pixels, in whichever attempt: it may be done again."""
    ours = [op for op in run.ee.fated() if op.description.startswith(f"s1r-prod-{leader.id}-a")]
    return leader.state in _THERE or any(op.state == "SUCCEEDED" for op in ours)


def _has_hidden_twin(run: Run, op: FatedOperation) -> bool:
    """Tell whether an operation that nobody could know of wrote to the same place."""
    twins = [twin for twin in run.ee.fated() if twin.description == op.description]
    return len(twins) > 1 and any(twin.fate.gone for twin in twins)


def _by_operation(task: Task, op: FatedOperation) -> bool:
    outcome = op.outcome
    if task.state is TaskState.FAILED:
        return _may_fail(task, op)
    good = op.state == "SUCCEEDED" and outcome.written and outcome.bands is None
    return good and outcome.has_data is (task.state is TaskState.VERIFIED)


def _merged(parts: Iterable[Task]) -> TaskState:
    states = {part.state for part in parts}
    if states <= _THERE:
        return TaskState.VERIFIED if TaskState.VERIFIED in states else TaskState.EMPTY
    return TaskState.FAILED if TaskState.FAILED in states else TaskState.CANCELLED


def _may_fail(task: Task, op: FatedOperation) -> bool:
    outcome, spent = op.outcome, task.run.retries + 1 >= MAX_ATTEMPTS
    kind = next((name for name, words in ERRORS.items() if words == outcome.error), None)
    odd = op.state == "SUCCEEDED" and (not outcome.written or outcome.bands is not None)
    return {
        "verification": odd,
        "terminal": kind == "terminal",
        "transient": kind == "transient" and spent,
        "resources": kind == "resources" and task.family.depth >= _DEEPEST,
        "too_big": kind == "too_big" and task.family.depth >= _DEEPEST,
        "lost": op.fate.gone is not None and spent,
    }.get(task.trouble.error_class or "", False)


def _was_worth(run: Run, ops: list[FatedOperation]) -> bool:
    """Tell whether an attempt ended so that another one was due."""
    again = {ERRORS["transient"], ERRORS["quota"]}
    now = run.world.clock.now()
    return any(
        (op.state == "FAILED" and op.outcome.error in again) or op.was_away(now) for op in ops
    )


def _events(run: Run, tasks: Iterable[Task]) -> Iterator[str]:
    """Each end was told, once; beside an event of another content that was left under its id."""
    found = [event for id_ in run.plan.valid for event in run.world.store.find_events_of(id_)]
    told = [event.id for event in found]
    if len(told) != len(set(told)):
        yield f"events were told twice: {sorted(told)}"
    else_ = {event.id for event in run.plan.leftovers if event.data == {"state": "ELSE"}}
    ends = {f"{task.id}.{task.state.value.lower()}.a{task.run.attempt}" for task in tasks}
    ends |= {
        f"{id_}.{record.state.value.lower()}.r{record.round}"
        for id_ in run.plan.valid
        if (record := run.world.store.get_request(id_))
    }
    if not ends <= set(told):
        yield f"not told: {sorted(ends - set(told))}"
    hidden = [id_ for id_ in ends & else_ if not any(name.startswith(f"{id_}.2") for name in told)]
    if hidden:
        yield f"told by what was left alone: {sorted(hidden)}"
