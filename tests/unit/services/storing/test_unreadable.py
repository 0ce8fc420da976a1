"""A task whose document can't be read, as of another release, keeps no other from moving."""

from s1ratio.adapters.store.database import Put
from s1ratio.adapters.store.queries import TASKS
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.simulated import World, message


def spoil(world: World, task_id: str) -> None:
    """Let a task's document be one that this release does not understand."""
    assert isinstance(world.store, SqliteStore)
    database = world.store._database
    document = database.get(TASKS, [task_id])[task_id].document
    plan = {"request_id": document["plan"]["request_id"], "kind": "another"}
    database.commit([Put(TASKS, task_id, {**document, "plan": plan})])


def other(world: World) -> None:
    """Let a request of one task arrive, for pixels of its own."""
    world.launch(message(request_id="r2", orbits=[131], aoi={"bbox": [14.0, 52.0, 14.02, 52.02]}))


def test_a_running_one_keeps_no_other_from_being_followed(world: World) -> None:
    world.launch(message(orbits=[131]))
    world.clock.sleep(60)
    other(world)
    spoil(world, "r1-o131a")  # its start is the oldest of all
    world.until(lambda: world.settled("r2"), limit=30)
    assert world.request("r2").state is RequestState.VERIFIED


def test_a_part_of_a_request_keeps_the_request_from_an_end_that_is_not_known(world: World) -> None:
    world.launch()
    spoil(world, "r1-o131a")
    world.ticks(30)
    assert world.task("r1-o058a").state is TaskState.VERIFIED
    assert not world.request().state.terminal


def test_one_among_many_that_ended_keeps_no_request_from_being_counted(world: World) -> None:
    world.set(max_tasks=1_000)
    orbits = list(range(1, 121))
    world.launch(message(orbits=orbits))
    other(world)
    world.clock.sleep(20 * 60)
    spoil(world, "r1-o001a")
    world.until(lambda: world.settled("r2"), limit=5)
