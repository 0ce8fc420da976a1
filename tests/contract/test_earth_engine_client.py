"""The Earth Engine adapter over the wire: what it sends, how long it waits, what errors become."""

import hashlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from s1ratio import errors
from s1ratio.adapters.earth_engine import EarthEngineClient, session
from s1ratio.earth_engine_errors import fault_of
from s1ratio.embedded.cloud import open_earth_engine
from s1ratio.plan import OrbitPass, PlanLimits, View, make_plan, named_passes
from s1ratio.request import CompositeRequest, Limits, read_message
from s1ratio.services.requesting.expand import expand
from s1ratio.services.requesting.launch import launch
from s1ratio.task import Task, description, planned, starting
from tests.support.intercepting_servers import Recorder, passing_on, refusing, serving
from tests.support.object_stores import black_hole, dead_port
from tests.support.simulated import World
from tests.support.task_fields import with_fields

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MESSAGE = {
    "request_id": "wire",
    "aoi": {"bbox": [14.600, 48.000, 14.601, 48.001]},
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
}


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Recorder]:
    """A local Earth Engine with a recorder before it."""
    with open_earth_engine(tmp_path, None) as server, serving(passing_on(server.url)) as recorder:
        yield recorder


def request() -> CompositeRequest:
    return read_message(json.dumps(MESSAGE), Limits()).request


def claims(message: CompositeRequest, count: int = 1) -> list[Task]:
    """Return claimed tasks of the request, each another attempt so that names differ."""
    passes = named_passes(message)
    assert passes is not None
    plan = make_plan("wire", message, passes, PlanLimits(), NOW).tasks[0]
    task = planned(plan, NOW, 100, NOW)
    lease = timedelta(minutes=3)
    return [
        starting(with_fields(task, attempt=n + 1), "me", NOW, lease, "test", identity="k3f7q2zb")
        for n in range(count)
    ]


def client(url: str, deadline_s: float = 20) -> EarthEngineClient:
    return EarthEngineClient("local-project", url, "bucket", deadline_s)


def test_the_first_export_of_named_orbits_is_the_first_request(wire: Recorder) -> None:
    message = request()
    earth_engine = client(wire.url)
    first, second = claims(message, 2)
    earth_engine.start(message, first, description("test", first))
    assert wire.paths() == ["POST image:export"]
    earth_engine.start(message, second, description("test", second))
    assert wire.paths() == ["POST image:export"] * 2


def test_the_export_carries_our_request_id_description_and_destination(wire: Recorder) -> None:
    message = request()
    (claim,) = claims(message)
    name = client(wire.url).start(message, claim, description("test", claim))
    body = json.loads(wire.requests[0].body)
    assert name.startswith("projects/local-project/operations/")
    assert body["requestId"] == claim.claim.ee_request_id
    assert body["description"] == "s1r-test-wire-o022d-a1_k3f7q2zb"
    assert body["fileExportOptions"]["cloudStorageDestination"] == {
        "bucket": "bucket",
        "filenamePrefix": "composites/wire/wire-o022d",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"preset": "notebook", "orbits": [22], "direction": "DESCENDING"},
        {"speckle": {"filter": "none"}, "statistics": ["mean"]},
        {"aoi": {"bbox": [36.70, 0.70, 36.702, 0.702]}, "direction": "ASCENDING"},
        {"clip": False, "grid": {"crs": "EPSG:4326", "scale": 20}},
    ],
    ids=str,
)
def test_the_digest_that_is_told_before_is_that_of_the_expression_on_the_wire(
    wire: Recorder, fields: dict[str, Any]
) -> None:
    message = read_message(json.dumps(MESSAGE | fields), Limits()).request
    earth_engine = client(wire.url)
    (claim,) = claims(message)
    told = earth_engine.digest_graph(message, claim.plan)
    assert wire.requests == [], "nothing is asked for it"
    earth_engine.start(message, claim, description("test", claim))
    (sent,) = (json.loads(request.body) for request in wire.requests)
    text = json.dumps(sent["expression"], sort_keys=True, separators=(",", ":"))
    assert told == hashlib.sha256(text.encode()).hexdigest()[:40]
    assert client(wire.url).digest_graph(message, claim.plan) == told, "of any process"


def test_who_asks_and_where_it_goes_is_no_part_of_the_graph(wire: Recorder) -> None:
    earth_engine, told = client(wire.url), set[str]()
    for fields in (
        {},
        {"request_id": "other", "labels": {"a": "b"}},
        {"priority": 3},
        {"destination": {"kind": "gcs", "prefix": "else/where"}},
    ):
        message = read_message(json.dumps(MESSAGE | fields), Limits()).request
        told.update(earth_engine.digest_graph(message, c.plan) for c in claims(message, 2))
    assert len(told) == 1
    other = read_message(json.dumps(MESSAGE | {"statistics": ["mean"]}), Limits()).request
    assert earth_engine.digest_graph(other, claims(other)[0].plan) not in told


def test_threads_that_call_at_once_initialise_once_and_each_start_their_own(
    wire: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a function does whose first messages arrive together."""
    made: list[str] = []
    initialize = session.initialize

    def counted(*given: Any) -> Any:
        made.append("")
        time.sleep(0.2)  # so that the others come while it is under way
        return initialize(*given)

    monkeypatch.setattr(session, "initialize", counted)
    message, earth_engine = request(), client(wire.url)
    tasks = claims(message, 8)
    with ThreadPoolExecutor(len(tasks)) as pool:
        names = list(
            pool.map(lambda t: earth_engine.start(message, t, description("test", t)), tasks)
        )
    assert len(made) == 1
    listed = {operation.name: operation.description for operation in earth_engine.list_operations()}
    assert listed == dict(zip(names, (description("test", t) for t in tasks), strict=True))
    assert wire.paths().count("POST image:export") == len(tasks)


def test_a_second_start_under_one_id_is_refused_as_used(wire: Recorder) -> None:
    message = request()
    (claim,) = claims(message)
    earth_engine = client(wire.url)
    earth_engine.start(message, claim, description("test", claim))
    with pytest.raises(errors.RequestIdUsed):
        earth_engine.start(message, claim, description("test", claim))
    assert len(wire.requests) == 2, "a refusal is not tried again"


def test_operations_are_listed_newest_first_and_can_be_cancelled(wire: Recorder) -> None:
    message = request()
    earth_engine = client(wire.url)
    names = [
        earth_engine.start(message, claim, description("test", claim))
        for claim in claims(message, 3)
    ]
    earth_engine.cancel(names[2])
    listed = list(earth_engine.list_operations())
    assert [operation.name for operation in listed] == names[::-1]
    assert listed[0].state in {"CANCELLING", "CANCELLED", "SUCCEEDED"}
    assert listed[0].description == "s1r-test-wire-o022d-a3_k3f7q2zb"
    assert abs(listed[0].created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_cancelling_what_is_unknown_harms_nobody(wire: Recorder) -> None:
    client(wire.url).cancel("projects/local-project/operations/NOSUCHOPERATION")


def test_orbits_are_found_with_one_request(wire: Recorder) -> None:
    message = read_message(
        json.dumps({k: v for k, v in MESSAGE.items() if k not in {"orbits", "direction"}}),
        Limits(),
    ).request
    passes = client(wire.url).find_passes(message)
    assert wire.paths() == ["POST value:compute"]
    assert len(passes) >= 2
    assert all(found.share is not None and 0 < found.share <= 1 for found in passes)


def test_what_an_orbit_sees_is_found_with_one_request(wire: Recorder) -> None:
    sent = {k: v for k, v in MESSAGE.items() if k not in {"orbits", "direction"}}
    message, earth_engine = read_message(json.dumps(sent), Limits()).request, client(wire.url)
    passes = earth_engine.find_passes(message)
    for plan in make_plan("wire", message, passes, PlanLimits(), NOW).tasks:
        (asked,) = (p for p in passes if (p.orbit, p.direction) == (plan.orbit, plan.direction))
        view = earth_engine.find_view(message, plan)
        assert view.scenes == asked.scenes
        assert view.share == pytest.approx(asked.share, abs=1e-3)
        assert view.angles is not None
        assert 28 < view.angles[0] <= view.angles[1] < 48
    assert wire.paths() == ["POST value:compute"] * (1 + len(passes))
    nowhere = replace(plan, orbit=plan.orbit % 175 + 1)
    assert earth_engine.find_view(message, nowhere) == View(0, 0.0, None)


class Slow(EarthEngineClient):
    """Refuses a search for passes as Earth Engine does, where the period has over so many days."""

    longest = 9_999
    asked = 0

    @override
    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        self.asked += 1
        if (request.end - request.start).days > self.longest:
            raise fault_of("Computation timed out.", 400)
        return super().find_passes(request)


@pytest.mark.parametrize(("longest", "parts"), [(50, 2), (20, 4), (10, 8), (5, 16)])
def test_passes_found_in_parts_are_those_of_the_whole(
    wire: Recorder, tmp_path: Path, longest: int, parts: int
) -> None:
    sent = {k: v for k, v in MESSAGE.items() if k not in {"orbits", "direction"}}
    sent |= {"start": "2023-03-01", "end": "2023-05-20", "aoi": {"bbox": [13, 47, 16, 49]}}
    whole = client(wire.url).find_passes(read_message(json.dumps(sent), Limits()).request)
    world = World(tmp_path)
    slow = Slow("local-project", wire.url, "bucket", 20)
    slow.longest = longest
    context = replace(world.context(), earth_engine=slow)
    launch(context, json.dumps(sent).encode())
    for _ in range(10):
        world.clock.sleep(3_600)
        expand(context, world.request("wire"))
    found = world.request("wire").passes
    world.close()
    assert found is not None
    assert [(each.name, each.scenes) for each in found] == [(p.name, p.scenes) for p in whole]
    assert [each.share for each in found] == pytest.approx([each.share for each in whole], abs=1e-3)
    assert any(each.share is not None and each.share < 0.9 for each in whole)
    refused = parts.bit_length() - 1
    assert slow.asked == refused + parts, "a refusal, and half as much, until it is little enough"


def test_no_token_is_ever_sent_to_another_server(wire: Recorder) -> None:
    list(client(wire.url).list_operations())
    assert wire.requests
    assert all("authorization" not in sent.headers for sent in wire.requests)


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (429, "Too many tasks already in the queue (3000). Wait.", errors.QueueFull),
        (429, "Quota exceeded for requests per minute.", errors.QueueFull),
        (400, "Your usage exceeded the custom quota for EECU-seconds.", errors.QuotaExceeded),
        (500, "An internal error has occurred.", errors.TransientFault),
        (400, "Earth Engine capacity exceeded.", errors.TransientFault),
        (503, "Earth Engine memory capacity exceeded.", errors.TransientFault),
        (504, "Gateway", errors.TookTooLong),
        (400, "Computation timed out.", errors.ResourcesExceeded),
        (400, "User memory limit exceeded.", errors.ResourcesExceeded),
        (503, "The service is currently unavailable.", errors.TransientFault),
        (400, "Image.select: Band pattern 'XX' was applied.", errors.TerminalFault),
        (403, "Permission denied.", errors.AccessRefused),
        (
            400,
            "A different Operation was already started with the given request_id.",
            errors.RequestIdUsed,
        ),
    ],
)
def test_a_refusal_becomes_the_class_it_means_with_one_post(
    status: int, message: str, expected: type[Exception]
) -> None:
    (claim,) = claims(request())
    with serving(refusing(status, message)) as server, pytest.raises(expected, match=message[:20]):
        client(server.url).start(request(), claim, "s1r-test-x-a1")
    assert len(server.requests) == 1


def test_a_silent_server_costs_one_deadline_and_one_post() -> None:
    (claim,) = claims(request())
    began = time.monotonic()
    with black_hole() as url, pytest.raises(errors.TookTooLong, match="did not answer"):
        client(url, deadline_s=1.0).start(request(), claim, "s1r-test-x-a1")
    assert time.monotonic() - began < 10


def test_a_dead_port_is_a_passing_fault() -> None:
    with pytest.raises(errors.TransientFault, match="did not answer"):
        next(iter(client(dead_port(), deadline_s=1.0).list_operations()))
