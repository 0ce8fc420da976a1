"""Each task tells what made its files: the software, the graph that was POSTed, whose request."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import TerminalFault, TransientFault
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.services.storing.requests import request_of
from s1ratio.summary import summarize
from s1ratio.task import Maker, TaskState
from s1ratio.task.origin import MAX_MAKERS, Origin
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE, TIMED_OUT
from tests.support.task_fields import with_fields

TASK = "r1-o131a"
USED_UP = fault_of("Too many tasks already in the queue (3000). Please wait.", 429)


class Deployments:
    """A world in which a new software may be deployed, whose graphs are others."""

    def __init__(self, world: World) -> None:
        self.world, self.number = world, 1
        make = world.context

        def context(*args: Any, **named: Any) -> PollContext:
            return replace(make(*args, **named), software=f"v{self.number}")

        world.context = context  # type: ignore[method-assign]

    def deploy(self) -> None:
        self.number += 1
        self.world.ee.graph_version = self.number

    def maker(self, number: int, task_id: str = TASK) -> Maker:
        """Return what a version's POST of a task is recorded as."""
        task = self.world.task(task_id)
        record = self.world.request(task.plan.request_id)
        now, self.world.ee.graph_version = self.world.ee.graph_version, number
        graph = self.world.ee.digest_graph(request_of(record), task.plan)
        self.world.ee.graph_version = now
        return Maker(f"v{number}", graph, record.digest)


@pytest.fixture
def versions(world: World) -> Deployments:
    return Deployments(world)


def made_by(world: World, task_id: str = TASK) -> tuple[Maker, ...]:
    return world.task(task_id).origin.made_by


def test_what_is_started_tells_who_made_it_and_the_summary_tells_it(
    world: World, versions: Deployments
) -> None:
    world.set(launch_budget_s=0)
    world.launch(ONE)
    assert made_by(world) == ()
    assert world.task().origin.request_digest == world.request().digest
    world.until(world.settled)
    assert made_by(world) == (versions.maker(1),)
    (told,) = summarize(world.request(), world.tasks(), "bucket")["tasks"]
    maker = versions.maker(1)
    assert told["made_by"] == [
        {"software": "v1", "graph": maker.graph, "request": world.request().digest}
    ]


def test_a_deployment_between_two_starts_of_one_request_is_told(
    world: World, versions: Deployments
) -> None:
    world.ee.capacity = 1
    world.launch(message(orbits=[58, 131]))
    (first,) = world.started()
    versions.deploy()
    world.until(world.settled)
    each = {task.id: task.origin.made_by for task in world.tasks()}
    numbers = {name: 1 if first.startswith(name) else 2 for name in each}
    assert each == {name: (versions.maker(n, name),) for name, n in numbers.items()}


def retry_all(world: World) -> None:
    retry(world.context(), Selection("r1"))


# What goes wrong with the first POST, and who may have made the files of what is found later:
# `taken` says whether the first POST took effect.
def lost(world: World, taken: bool) -> None:
    fail = world.ee.fail_after_next if taken else world.ee.fail_next
    fail("start", TIMED_OUT)


def test_an_operation_that_is_found_was_made_by_who_posted_it(
    world: World, versions: Deployments
) -> None:
    lost(world, taken=True)
    world.launch(ONE)
    assert made_by(world) == (versions.maker(1),)
    versions.deploy()
    world.until(world.settled)
    assert world.ee.calls["start"] == 1
    assert made_by(world) == (versions.maker(1),)


def test_a_post_that_is_answered_after_one_that_was_lost_made_it(
    world: World, versions: Deployments
) -> None:
    lost(world, taken=False)
    world.launch(ONE)
    versions.deploy()
    world.until(world.settled)
    assert world.ee.calls["start"] == 2
    assert made_by(world) == (versions.maker(2),)


def test_after_two_lost_posts_of_different_software_it_was_one_of_them(
    world: World, versions: Deployments
) -> None:
    lost(world, taken=False)
    world.launch(ONE)
    versions.deploy()
    lost(world, taken=True)
    world.until(world.settled)
    assert made_by(world) == (versions.maker(1), versions.maker(2))


def test_under_a_next_request_id_the_lost_ones_have_made_nothing(
    world: World, versions: Deployments
) -> None:
    lost(world, taken=False)
    world.launch(ONE)
    id_ = world.task().claim.ee_request_id
    assert id_ is not None
    world.ee.used_ids[id_] = None  # burned, though nothing was made
    versions.deploy()
    world.until(world.settled)
    assert world.task().claim.start_number == 2
    assert made_by(world) == (versions.maker(2),)


def test_a_start_that_the_queue_gave_back_was_made_by_nobody(
    world: World, versions: Deployments
) -> None:
    world.ee.fail_next("start", USED_UP)
    world.launch(ONE)
    assert (world.task().state, made_by(world)) == (TaskState.PLANNED, ())
    versions.deploy()
    world.until(world.settled)
    assert made_by(world) == (versions.maker(2),)


@pytest.mark.parametrize("error", ["Internal error.", "Execution failed; out of memory."])
def test_the_next_attempt_is_made_by_who_posts_it(
    world: World, versions: Deployments, error: str
) -> None:
    world.ee.outcomes.append(Outcome(error=error))
    world.launch(ONE)
    world.until(lambda: world.task().run.attempt == 2 and world.task().state is TaskState.PLANNED)
    assert made_by(world) == ()
    versions.deploy()
    world.until(world.settled)
    assert world.task().result.files == ("composites/r1/r1-o131a-a2.tif",)
    assert made_by(world) == (versions.maker(2),)


def test_what_a_person_retries_is_made_by_who_posts_it(world: World, versions: Deployments) -> None:
    world.ee.outcomes.append(Outcome(error="Image.select: no such band."))
    world.launch(ONE)
    world.until(world.settled)
    assert made_by(world) == (versions.maker(1),), "what failed was made of this graph"
    versions.deploy()
    retry_all(world)
    assert made_by(world) == ()
    world.until(world.settled)
    assert made_by(world) == (versions.maker(2),)


def test_who_shares_files_tells_who_made_them_and_for_whom(
    world: World, versions: Deployments
) -> None:
    world.launch(ONE)
    world.launch(message(request_id="r2", orbits=[131], labels={"who": "else"}))
    world.until(lambda: world.settled("r1") and world.settled("r2"))
    assert world.task("r2-o131a").result.same_as == TASK
    assert made_by(world, "r2-o131a") == (versions.maker(1),)
    assert made_by(world)[0].request == world.request("r1").digest != world.request("r2").digest


def test_the_whole_was_made_by_all_who_made_its_parts(world: World, versions: Deployments) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    world.launch(ONE)
    world.ee.capacity = 2
    world.until(lambda: len(world.tasks()) == 5 and len(world.ee.current()) == 3)
    versions.deploy()
    world.ee.capacity = 3000
    world.until(world.settled)
    parts = [made_by(world, f"{TASK}-q{number}") for number in range(4)]
    assert parts == [(versions.maker(n, f"{TASK}-q{q}"),) for q, n in enumerate((1, 1, 2, 2))]
    assert set(made_by(world)) == {one for (one,) in parts}
    assert {one.software for one in made_by(world)} == {"v1", "v2"}


def test_a_start_that_an_earlier_version_made_may_be_its_own(
    world: World, versions: Deployments
) -> None:
    lost(world, taken=False)
    world.launch(ONE)
    task = world.task()
    world.store.transition(task, with_fields(task, made_by=(), request_digest=None), task.version)
    lost(world, taken=True)
    world.until(world.settled)
    graph = versions.maker(1).graph
    assert made_by(world) == (Maker(), Maker("v1", graph, None))


def test_an_operation_of_an_earlier_version_is_of_unknown_making(
    world: World, versions: Deployments
) -> None:
    world.launch(ONE)
    task = world.task()
    world.store.transition(task, with_fields(task, made_by=(), request_digest=None), task.version)
    world.until(world.settled)
    assert (world.task().state, made_by(world)) == (TaskState.VERIFIED, ())
    assert summarize(world.request(), world.tasks(), "")["tasks"][0]["made_by"] == []
    assert versions.number == 1


def test_a_worker_that_answers_late_names_its_own_post(world: World, versions: Deployments) -> None:
    """The claim was taken over meanwhile, by another software, under the same request id."""
    post = world.ee.start

    def slow(*args: Any) -> str:
        name = post(*args)
        world.ee.start = post  # type: ignore[method-assign]
        world.ee.list_delay = world.ee.run
        world.clock.sleep(world.settings.start_lease_s + 1)
        versions.deploy()
        world.ee.fail_next("start", TransientFault("Internal error."))
        poll(world.context())  # takes the claim over, and POSTs in vain
        return name

    world.ee.list_delay = world.ee.run
    world.ee.start = slow  # type: ignore[method-assign,assignment]
    world.launch(ONE)
    assert world.ee.calls["start"] == 2
    assert (world.task().state, made_by(world)) == (TaskState.SUBMITTED, (versions.maker(1),))


def test_a_graph_that_cannot_be_built_is_unknown_and_its_start_says_why(
    world: World, versions: Deployments
) -> None:
    broken = TerminalFault("the expression can't be built: TypeError: odd")

    def refuse(*_: Any) -> str:
        raise broken

    world.ee.digest_graph = refuse  # type: ignore[method-assign,assignment]
    world.ee.fail_next("start", broken)
    world.launch(ONE)
    task = world.task()
    assert (task.state, task.trouble.error) == (TaskState.FAILED, str(broken))
    assert task.origin.made_by == (Maker("v1", None, world.request().digest),)
    assert versions.number == 1


MAKERS = [Maker(f"v{n}", f"{n:040x}", "d" * 64) for n in range(20)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda origin: origin.by(MAKERS[0]), (MAKERS[0],)),
        (lambda origin: origin.by(MAKERS[0]).also_by(MAKERS[0]), (MAKERS[0],)),
        (lambda origin: origin.by(MAKERS[0]).also_by(MAKERS[1]), tuple(MAKERS[:2])),
        (
            lambda origin: origin.by(*MAKERS[:2]).also_by(MAKERS[0]),
            (MAKERS[1], MAKERS[0]),
        ),
        (lambda origin: origin.also_by(MAKERS[0]), (Maker(), MAKERS[0])),
        (lambda origin: origin.by(*MAKERS), (Maker(), *MAKERS[1 - MAX_MAKERS :])),
        (lambda origin: origin.by(MAKERS[0]).unmade(), ()),
        (
            lambda origin: origin.of_parts([origin.by(MAKERS[0]), origin.by(*MAKERS[:2])]),
            tuple(MAKERS[:2]),
        ),
    ],
)
def test_makers_are_kept_once_each_the_last_last_and_not_without_end(
    change: Callable[[Origin], Origin], expected: tuple[Maker, ...]
) -> None:
    assert change(Origin("d" * 64)) == Origin("d" * 64, expected)
