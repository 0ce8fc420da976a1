"""A deployment between two starts keeps a request's defaults as they were when it was taken in."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from s1ratio import presets
from s1ratio.records import RequestState
from s1ratio.request import CompositeRequest, Product
from s1ratio.request.fields import ANGLE_RANGES, VALID_RANGES, AngleRange
from s1ratio.request.reader import stored_request
from s1ratio.request.resolved import filled_in, resolve
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.requests import request_of
from s1ratio.summary import summarize
from s1ratio.task import Task, TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.unit.services.requesting.test_refused_messages import step_by_step

# What another version has for its defaults, and how.
OTHERS: dict[str, Any] = {
    "collection": "COPERNICUS/S1_GRD",
    "platforms": ["A", "B"],
    "angle": "gt40",
    "speckle": {"filter": "boxcar", "size_px": 3},
    "products": ["vvvh_linear", "vv_db"],
    "statistics": ["mean"],
    "grid": {"crs": "EPSG:4326", "scale": 40},
    "clip": False,
    "destination": {"kind": "gcs", "prefix": "elsewhere"},
    "valid_range": None,
    "priority": 7,
}
Deploy = Callable[[pytest.MonkeyPatch], None]


def other_preset(**fields: Any) -> Deploy:
    """Return a deployment that fills in other values of fields."""

    def deploy(patch: pytest.MonkeyPatch) -> None:
        made: Mapping[str, Mapping[str, Any]] = {
            name: {**preset, **fields} for name, preset in presets.PRESETS.items()
        }
        patch.setattr(presets, "PRESETS", made)

    return deploy


def other_angles(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(ANGLE_RANGES, "hird", AngleRange(min=20, max=50))
    patch.setitem(ANGLE_RANGES, "notebook", None)


def other_ranges(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(VALID_RANGES, Product.VVVH_DB, (-1.0, 1.0))
    patch.setitem(VALID_RANGES, Product.VVDVH_NOTEBOOK, None)


DEPLOYMENTS: dict[str, Deploy] = {
    "all": other_preset(**OTHERS),
    **{name: other_preset(**{name: value}) for name, value in OTHERS.items()},
    "angles of a name": other_angles,
    "ranges of a product": other_ranges,
}
by_deployment = pytest.mark.parametrize("deploy", DEPLOYMENTS.values(), ids=list(DEPLOYMENTS))
_SOME = ("all", "statistics", "grid", "angles of a name", "ranges of a product")
by_some = pytest.mark.parametrize("deploy", [DEPLOYMENTS[name] for name in _SOME], ids=_SOME)
MESSAGES: list[dict[str, Any]] = [
    {},
    {"preset": "notebook"},
    {"angle": "hird", "speckle": {"filter": "focal_median"}},
    {"grid": {"crs": "utm"}, "destination": {"kind": "gcs"}},
    {"products": ["vvvh_db", "vv_linear"], "valid_range": {"vv_linear": [0, 1]}},
    {"valid_range": None, "angle": "none"},
    {"speckle": {"filter": "boxcar"}, "grid": {"scale": 30}},
]


@pytest.fixture(autouse=True)
def processes_of_their_own() -> Iterator[None]:
    """A process keeps requests that it read, and lives no longer than its deployment."""
    stored_request.cache_clear()
    yield
    stored_request.cache_clear()


def meaning(request: CompositeRequest) -> dict[str, Any]:
    """Return all that a request means beside its names, in numbers."""
    told = request.model_dump(mode="json", exclude={"aoi"})
    told["angle"] = request.angle_range
    told["valid_range"] = {product: request.range_of(product) for product in request.products}
    return {**told, "bands": request.bands, "notebook": request.follows_notebook}


def sent(**fields: Any) -> str:
    return json.dumps({"aoi": {"bbox": [13, 52, 13.02, 52.02]}, **PERIOD, **fields})


PERIOD = {"start": "2024-01-01", "end": "2024-03-01"}


@by_deployment
@pytest.mark.parametrize("fields", MESSAGES, ids=str)
def test_a_stored_request_means_what_it_meant(
    monkeypatch: pytest.MonkeyPatch, deploy: Deploy, fields: dict[str, Any]
) -> None:
    request = stored_request(sent(**fields))
    meant, resolved = meaning(request), resolve(request)
    deploy(monkeypatch)
    again = stored_request(sent(**fields), resolved)
    assert meaning(again) == meant
    assert resolve(again) == resolved, "and so on, from version to version"


def test_the_deployments_change_what_a_message_means_that_comes_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the tests here would prove nothing."""
    before = meaning(stored_request(sent()))
    for deploy in DEPLOYMENTS.values():
        with monkeypatch.context() as patch:
            deploy(patch)
            stored_request.cache_clear()
            assert meaning(stored_request(sent())) != before


def test_what_a_message_says_itself_is_no_default() -> None:
    fields = {"labels": {"for": "me"}, "request_id": "mine", "version": 1}
    request = stored_request(sent(**fields))
    assert not json.loads(resolve(request)).keys() & {*fields, *PERIOD, "aoi"}
    assert filled_in(json.loads(sent(**fields)), resolve(request))["labels"] == {"for": "me"}


class Watched:
    """The requests that Earth Engine was asked to start and the verifier to open files by."""

    def __init__(self, world: World) -> None:
        self.asked: list[dict[str, Any]] = []
        start = world.ee.start

        def watched(request: CompositeRequest, task: Task, description: str) -> str:
            self.asked.append(meaning(request))
            return start(request, task, description)

        world.ee.start = watched  # type: ignore[method-assign]


@contextmanager
def taken_in(world: World, **fields: Any) -> Iterator[Watched]:
    """Take a message in; in the end all that was asked since means what it meant."""
    watched = Watched(world)
    world.launch(message(**fields))
    meant = meaning(request_of(world.request()))
    yield watched
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    assert watched.asked
    assert all(each == meant for each in watched.asked)


@by_some
def test_what_is_started_later_is_started_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch, deploy: Deploy
) -> None:
    world.ee.capacity = 1
    with taken_in(world, orbits=[58, 131]) as watched:
        deploy(monkeypatch)
    assert len(watched.asked) > 1
    bands = {task.plan.bands for task in world.tasks()}
    assert bands == {request_of(world.request()).bands}


@by_some
def test_what_is_planned_later_is_planned_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch, deploy: Deploy
) -> None:
    before = planned_of(world)
    world.ee.down = True
    world.launch(message(request_id="r1", orbits=None))
    assert world.request().state is RequestState.EXPANDING
    deploy(monkeypatch)
    world.ee.down = False
    world.until(lambda: bool(world.tasks()), minutes=10)
    plans = [replace(task.plan, id="", request_id="", folder="") for task in world.tasks()]
    assert plans == before
    assert {task.plan.folder for task in world.tasks()} == {"composites/r1"}
    assert {task.place.priority for task in world.tasks()} == {100}


def planned_of(world: World) -> list[Any]:
    world.launch(message(request_id="before", orbits=None))
    found = world.tasks("before")
    world.until(lambda: world.settled("before"))
    return [replace(task.plan, id="", request_id="", folder="") for task in found]


@by_some
def test_what_is_split_is_split_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch, deploy: Deploy
) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    with taken_in(world, orbits=[131]) as watched:
        deploy(monkeypatch)
    assert len(watched.asked) == 5


@by_some
@pytest.mark.parametrize("again", [retry, resubmit])
def test_what_is_retried_is_retried_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch, deploy: Deploy, again: Callable[..., Any]
) -> None:
    world.ee.outcomes.append(Outcome(error="Image.select: no such band."))
    with taken_in(world, orbits=[131]) as watched:
        world.until(world.settled)
        deploy(monkeypatch)
        again(world.context(), Selection("r1"))
    assert len(watched.asked) == 2


@by_some
def test_what_was_taken_in_and_no_more_goes_on_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch, deploy: Deploy
) -> None:
    with suppress(Crashed):
        world.launch(message(orbits=[131]), step_by_step(world.context(Breaker(2, after=True))))
    assert world.request().state is RequestState.EXPANDING
    meant = meaning(request_of(world.request()))
    deploy(monkeypatch)
    watched = Watched(world)
    world.until(world.settled)
    assert watched.asked == [meant]


def test_the_summary_tells_where_files_were_to_go_that_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.launch(message(orbits=[131]))
    other_preset(**OTHERS)(monkeypatch)
    told = summarize(world.request(), world.tasks(), "bucket")
    assert told["destination"] == {"kind": "gcs", "prefix": "composites"}


@pytest.mark.parametrize("fields", MESSAGES, ids=str)
def test_a_record_of_an_earlier_version_is_read_with_todays(
    world: World, fields: dict[str, Any]
) -> None:
    world.launch(message(**fields))
    record = world.request()
    old = world.store.update_request(replace(record, resolved=None), record.version)
    assert meaning(request_of(old)) == meaning(request_of(record))
    told, filled = (summarize(each, [], "")["destination"] for each in (old, record))
    assert told.items() <= filled.items()
    world.until(world.settled)
    assert {task.state for task in world.tasks()} == {TaskState.VERIFIED}
