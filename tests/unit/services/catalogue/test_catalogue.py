"""The catalogue as the poller writes it: complete, once each, whatever breaks in between."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import TransientFault
from s1ratio.inputs import InputScene
from s1ratio.ports import RasterLook, StoredObject
from s1ratio.services.catalogue.catalogue_due import catalogue_due
from s1ratio.services.catalogue.gathering import TRIES_WITH_PICTURES, TRIES_WITH_SCENES
from s1ratio.services.commands.retry import resubmit
from s1ratio.services.commands.selection import Selection
from s1ratio.services.polling.poll import poll
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.simulated.bucket import SimulatedRasters
from tests.support.simulated.documents import SimulatedDocuments
from tests.support.simulated.starts import ONE
from tests.support.stac_schemas import core_faults

FOLDER = "stac/product-vvvh_db/2024"
R1 = Selection("r1")
TOO_MUCH = "User memory limit exceeded."


def scene(day: int) -> InputScene:
    start = datetime(2024, 1, day, 5, tzinfo=UTC)
    last = start + timedelta(seconds=25)
    return InputScene(f"S1A_{day}", "A", start, last, 50_000 + day, 131, "003.71")


@pytest.fixture
def documents(world: World) -> SimulatedDocuments:
    world.documents = SimulatedDocuments()
    world.ee.inputs = {131: [scene(3), scene(15)], 58: [scene(7)]}
    return world.documents


def named(documents: SimulatedDocuments) -> dict[str, dict[str, Any]]:
    """Return the items that a reader finds from the root on, by their names."""
    found: dict[str, dict[str, Any]] = {}

    def walk(name: str) -> None:
        document = documents.json(name)
        assert core_faults(document) == []
        for link in document["links"]:
            if link["rel"] in {"child", "item"}:
                assert link["href"].startswith("./")
                walk(f"{name.rpartition('/')[0]}/{link['href'][2:]}")
        if document["type"] == "Feature":
            found[name] = document

    if documents.get("stac/catalog.json") is not None:
        walk("stac/catalog.json")
    return found


def test_each_verified_task_has_an_item_and_says_where(
    world: World, documents: SimulatedDocuments
) -> None:
    world.launch()
    world.until(world.settled)
    assert list(named(documents)) == [f"{FOLDER}/r1-o058a.json", f"{FOLDER}/r1-o131a.json"]
    for task in world.tasks():
        assert task.catalogue.item == f"{FOLDER}/{task.id}.json"
        assert task.catalogue.catalogue_due is None
        assert task.catalogue.catalogued_at is not None
    item = documents.json(f"{FOLDER}/r1-o131a.json")
    assert [each["id"] for each in item["properties"]["s1ratio:scenes"]] == ["S1A_3", "S1A_15"]
    assert item["assets"]["data"]["href"] == "../../../composites/r1/r1-o131a.tif"


def test_one_call_asks_for_the_scenes_of_a_request_and_one_write_names_its_items(
    world: World, documents: SimulatedDocuments
) -> None:
    world.launch(message(orbits=[58, 131, 29, 102]))
    world.until(world.settled)
    ended = {task.end.ended_at for task in world.tasks()}
    assert len(ended) >= 1
    assert world.ee.calls["find_inputs"] == 1
    above = ["stac/catalog.json", "stac/product-vvvh_db/collection.json", f"{FOLDER}/catalog.json"]
    assert [documents.writes[name] for name in above] == [1, 1, 1]


def test_what_is_catalogued_costs_nothing_more(world: World, documents: SimulatedDocuments) -> None:
    world.launch()
    world.until(world.settled)
    before = documents.writes.copy()
    breaker = Breaker()
    context = world.context(breaker)
    for _ in range(10):
        world.clock.sleep(60)
        poll(context)
    assert documents.writes == before
    assert breaker.log.count("find_to_catalogue") == 10
    assert not {"put", "get", "names", "find_inputs"} & set(breaker.log)


def test_empty_failed_and_split_tasks_have_none_but_their_parts_have(
    world: World, documents: SimulatedDocuments
) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), Outcome(error="bad band")])
    world.launch(message(orbits=[131]))
    world.until(world.settled)
    items = set(named(documents))
    verified = {t.id for t in world.tasks() if t.state is TaskState.VERIFIED and not t.family.parts}
    assert verified
    assert items == {f"{FOLDER}/{name}.json" for name in verified}
    assert all("-q" in name for name in verified)


def test_regions_and_incidents_have_collections_of_their_own(
    world: World, documents: SimulatedDocuments
) -> None:
    region, watch = "r-danube-240101-240301-ab12", "w-0a1b2c3d4e-131a-2401150500-a"
    world.launch(message(request_id=region, orbits=[131], labels={"region": "danube"}))
    world.launch(message(request_id=watch, orbits=[131], labels={"incident": "i-0a1b2c3d4e"}))
    world.launch(message(request_id="mine", orbits=[58], labels={"region": "danube"}))
    for name in (region, watch, "mine"):
        world.until(lambda name=name: world.settled(name))  # type: ignore[misc]
    world.tick()
    assert {name.split("/")[1] for name in named(documents)} == {
        "region-danube",
        "incident-i-0a1b2c3d4e",
        "product-vvvh_db",
    }
    follower = documents.json(f"stac/incident-i-0a1b2c3d4e/2024/{watch}-o131a.json")
    shared = world.task(f"{watch}-o131a").result.same_as
    if shared is not None:
        assert follower["properties"]["s1ratio:same_as"] == shared


def test_revisions_are_linked_and_what_came_before_is_deprecated(
    world: World, documents: SimulatedDocuments
) -> None:
    base = "r-danube-240101-240301-ab12"
    for name in (f"{base}-r2", base, f"{base}-r3"):  # in whatever order they end
        fields = {"request_id": name, "orbits": [131], "labels": {"region": "danube"}}
        world.launch(message(**fields))
        world.until(lambda name=name: world.settled(name))  # type: ignore[misc]
        world.tick()
    items = {name.rpartition("/")[2]: item for name, item in named(documents).items()}
    first, second, third = (items[f"{base}{r}-o131a.json"] for r in ("", "-r2", "-r3"))
    rels = [{k["rel"]: k["href"] for k in item["links"]} for item in (first, second, third)]
    assert rels[0]["successor-version"] == rels[2]["predecessor-version"]
    assert rels[0]["latest-version"] == rels[1]["latest-version"] == f"./{base}-r3-o131a.json"
    assert [i["properties"]["deprecated"] for i in (first, second, third)] == [True, True, False]


def test_an_export_made_anew_is_the_same_item_written_again(
    world: World, documents: SimulatedDocuments
) -> None:
    world.launch(ONE)
    world.until(world.settled)
    world.tick()
    resubmit(world.context(), R1)
    world.until(lambda: world.task().run.attempt == 2 and world.settled())
    world.tick()
    (item,) = named(documents).values()
    assert item["assets"]["data"]["href"].endswith("r1-o131a-a2.tif")
    assert item["properties"]["version"] == "1.2"


def test_without_an_answer_on_the_scenes_the_item_waits_then_goes_without(
    world: World, documents: SimulatedDocuments
) -> None:
    world.ee.fail_next("find_inputs", *[TransientFault("Internal error.")] * 20)
    world.launch(ONE)
    world.until(world.settled)
    world.tick()
    assert named(documents) == {}
    world.until(lambda: bool(named(documents)), limit=400)
    (item,) = named(documents).values()
    assert "s1ratio:scenes" not in item["properties"]
    assert item["properties"]["start_datetime"] == "2024-01-01T00:00:00Z"
    assert world.ee.calls["find_inputs"] == TRIES_WITH_SCENES


def test_a_bucket_that_does_not_answer_delays_the_catalogue_and_nothing_else(
    world: World, documents: SimulatedDocuments
) -> None:
    documents.down = True
    world.launch()
    world.until(world.settled)
    documents.down = False
    assert named(documents) == {}
    world.until(lambda: len(named(documents)) == 2)


class Deadly(SimulatedRasters):
    """Files at which whoever looks dies: of want of memory, say."""

    looks = 0

    def look(self, item: StoredObject) -> RasterLook:
        Deadly.looks += 1
        raise Crashed(item.name)


def test_pixels_of_which_a_process_dies_are_left_alone_in_the_end(
    world: World, documents: SimulatedDocuments
) -> None:
    documents.down = True
    world.launch(ONE)
    world.until(world.settled)
    documents.down = False
    for _ in range(12):
        world.clock.sleep(15 * 60)
        context = replace(world.context(), rasters=Deadly(world.bucket))
        with suppress(Crashed):
            poll(context)
    (item,) = named(documents).values()
    assert Deadly.looks <= TRIES_WITH_PICTURES
    assert set(item["assets"]) == {"data"}


def test_during_an_outage_nothing_is_asked_and_nothing_claimed(
    world: World, documents: SimulatedDocuments
) -> None:
    documents.down = True
    world.launch(ONE)
    world.until(world.settled)
    documents.down, world.ee.down = False, True
    world.launch(message(request_id="r2"))
    world.ticks(3)
    tries = world.task().catalogue.catalogue_tries
    world.ticks(30)
    assert world.task().catalogue.catalogue_tries <= tries + 1
    assert named(documents) == {}
    world.ee.down = False
    world.until(lambda: bool(named(documents)), limit=400)


def test_a_file_that_is_gone_is_given_up_in_the_end(
    world: World, documents: SimulatedDocuments
) -> None:
    documents.down = True
    world.launch(ONE)
    world.until(world.settled)
    documents.down = False
    world.bucket._files.clear()
    world.until(lambda: world.task().catalogue.catalogue_due is None, limit=60, minutes=60)
    assert world.task().catalogue.item is None
    assert world.task().state is TaskState.VERIFIED


@pytest.mark.parametrize("name", ["stac/catalog.json", f"{FOLDER}/catalog.json"])
def test_a_catalogue_that_was_deleted_is_made_anew_of_what_lies_below(
    name: str, world: World, documents: SimulatedDocuments
) -> None:
    world.launch()
    world.until(world.settled)
    world.launch(message(request_id="r2", orbits=[131], products=["vv_db"]))
    world.until(lambda: world.settled("r2"))
    world.tick()
    before = set(named(documents))
    documents.delete(name)
    world.launch(message(request_id="r3", orbits=[131]))
    world.until(lambda: world.settled("r3"))
    world.tick()
    assert before < set(named(documents))


def _crashes(tmp_path: Path, run: Callable[[World, Breaker], None]) -> list[tuple[int, bool]]:
    world = _ready(tmp_path / "whole")
    breaker = Breaker()
    run(world, breaker)
    world.close()
    return breaker.effects()


def _ready(folder: Path) -> World:
    """Return a world in which two items are to be written."""
    folder.mkdir()
    world = World(folder)
    world.launch()
    world.until(world.settled)
    world.documents = SimulatedDocuments()
    world.ee.inputs = {131: [scene(3)], 58: [scene(7)]}
    return world


def _catalogue(world: World, breaker: Breaker) -> None:
    context = world.context(breaker)
    catalogue_due(context, context.clock.now() + timedelta(minutes=1), [])


def test_a_kill_at_any_point_leaves_work_for_the_next_tick(tmp_path: Path) -> None:
    points = _crashes(tmp_path, _catalogue)
    assert len(points) >= 14, "two claims, two items, three that name them, two tasks"
    for at, after in points:
        world = _ready(tmp_path / f"{at}-{after}")
        with suppress(Crashed):
            _catalogue(world, Breaker(at, after))
        world.until(lambda w=world: all(t.catalogue.item for t in w.tasks()))  # type: ignore[misc]
        assert world.documents is not None
        assert len(named(world.documents)) == 2, (at, after)
        world.close()


def test_two_that_catalogue_at_once_write_each_item_once(tmp_path: Path) -> None:
    world = _ready(tmp_path / "both")
    documents = world.documents
    assert documents is not None
    first, second = world.context(), world.context()
    until = world.clock.now() + timedelta(minutes=1)
    due = first.store.find_to_catalogue(world.clock.now(), 9)
    assert len(due) == 2
    assert catalogue_due(first, until, []) == 2
    assert catalogue_due(second, until, []) == 0
    assert documents.writes[f"{FOLDER}/r1-o131a.json"] == 1
    world.close()
