"""What is answered is what the store has, page by page, each record once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.services.reading.job_statuses import STATUS_OF, JobStatus, states_of
from s1ratio.services.waiting.holds import read_holds
from s1ratio.task import TaskState
from tests.contract.records import NOW, a_request, in_state, later
from tests.support.reading_world import MESSAGE, ReadingWorld, open_world, some_requests

RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingWorld]:
    found = open_world(tmp_path_factory.mktemp("read"))
    yield found
    found.store.close()


def walk(world: ReadingWorld, path: str, name: str) -> list[Any]:
    """Return what all pages of a list have, following the links to the next ones."""
    found: list[Any] = []
    while path:
        page = world.get(path)
        found += page[name]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        path = following[0].removeprefix("http://localhost") if following else ""
    return found


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_all_pages_have_all_jobs_newest_first(world: ReadingWorld, limit: int) -> None:
    jobs = walk(world, f"/jobs?limit={limit}", "jobs")
    records = sorted(some_requests(), key=lambda one: (one.created_at, one.id), reverse=True)
    assert [job["jobID"] for job in jobs] == [record.id for record in records]


def test_every_state_has_a_status() -> None:
    assert set(STATUS_OF) == set(RequestState)
    assert set(STATUS_OF.values()) == set(JobStatus)
    for status in JobStatus:
        assert {STATUS_OF[state] for state in states_of(status)} == {status}


@pytest.mark.parametrize("status", JobStatus)
def test_jobs_are_asked_for_by_status(world: ReadingWorld, status: JobStatus) -> None:
    jobs = walk(world, f"/jobs?limit=2&status={status}", "jobs")
    expected = {record.id for record in some_requests() if STATUS_OF[record.state] is status}
    assert {job["jobID"] for job in jobs} == expected
    assert len(jobs) == len(expected)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=FAILED", ["in-failed"]),
        ("state=FAILED&state=PARTIAL", ["in-partial", "in-failed"]),
        ("state=FAILED&status=successful", []),
        ("state=FAILED&status=failed&status=running", ["in-failed"]),
        ("region=alps", ["r1"]),
        ("region=andes", []),
        ("label=owner=ops", ["r1"]),
        ("label=owner%3Dops&region=alps&state=VERIFIED", ["r1"]),
        ("label=a%253Db%3Dc", ["r1"]),
        ("incident=i-1", []),
        ("id=every&id=none&id=r1", ["every", "r1"]),
        ("processID=other", []),
        ("processID=composite&processID=other&state=FAILED", ["in-failed"]),
        ("type=process&state=FAILED", ["in-failed"]),
        ("datetime=2024-05-06T07:08:08.123457Z", ["r1"]),
        ("datetime=2024-05-06T09:08:08.123457%2B02:00", ["r1"]),
        ("datetime=2024-05-06T07:08:08Z/..&limit=1000", ["r1"]),
        ("datetime=../2024-05-06T07:07:00Z", ["every"]),
        ("datetime=/2024-05-05", []),
        ("datetime=2024-05-06&region=alps", ["r1"]),
        ("datetime=2024-05-05/2024-05-06&region=alps", ["r1"]),
        ("datetime=2024-05-07/", []),
    ],
)
def test_filters_narrow_the_list(world: ReadingWorld, query: str, names: list[str]) -> None:
    assert [job["jobID"] for job in walk(world, f"/jobs?{query}", "jobs")] == names


def test_a_job_is_told_in_the_standard_s_words_and_ours(world: ReadingWorld) -> None:
    job = world.get("/jobs/r1")
    assert (job["jobID"], job["processID"], job["type"]) == ("r1", "composite", "process")
    assert (job["status"], job["state"], job["progress"]) == ("successful", "VERIFIED", 100)
    assert job["created"] == "2024-05-06T07:08:08.123457Z"
    assert job["finished"] == "2024-05-06T07:09:09.123457Z"
    assert job["labels"] == {"owner": "ops", "a=b": "c"}
    assert job["waiting"] == []
    assert [link["href"] for link in job["links"] if link["rel"] == RESULTS] == [
        "http://localhost/jobs/r1/results"
    ]
    listed = {one["jobID"]: one for one in walk(world, "/jobs", "jobs")}["r1"]
    assert {k: v for k, v in job.items() if k in listed and k != "not_before"} == {
        k: v for k, v in listed.items() if k != "not_before"
    }


def test_a_job_tells_how_its_tasks_stand_and_what_they_wait_for(world: ReadingWorld) -> None:
    job = world.get("/jobs/every")
    assert {task["state"] for task in job["tasks"]} == set(TaskState)
    open_ones = {state.value for state in TaskState if not state.terminal}
    assert {one["state"] for one in job["waiting"]} == open_ones
    planned = next(one for one in job["waiting"] if one["state"] == "PLANNED")
    assert planned["until"] == later(300).isoformat(timespec="seconds"), "the queue is full"


def test_tasks_come_by_id_page_by_page(world: ReadingWorld) -> None:
    tasks = walk(world, "/jobs/every/tasks?limit=4", "tasks")
    assert [task["id"] for task in tasks] == sorted(f"every-{s.lower()}" for s in TaskState)
    assert tasks == world.get("/jobs/every")["tasks"]


def test_a_job_of_many_tasks_shows_the_first(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    world.store.create_request(a_request("many", message=MESSAGE, state=RequestState.RUNNING))
    world.store.create_tasks([in_state(f"many-{n:03d}", TaskState.RUNNING) for n in range(101)])
    job = world.get("/jobs/many")
    assert (len(job["tasks"]), job["more_tasks"], job["values"]) == (100, True, None)
    assert len(walk(world, "/jobs/many/tasks", "tasks")) == 101


def test_results_are_links_to_the_files_that_have_data(world: ReadingWorld) -> None:
    results = world.get("/jobs/r1/results")
    files = [
        "https://files.test/bucket/a%20b/%C3%BC%23%3F.tif",
        "https://files.test/bucket/two.tif",
    ]
    assert results["composites"] == files
    tasks = results["tasks"]["value"]
    assert list(tasks) == ["r1-o131a", "r1-o131a-q0"]
    first = tasks["r1-o131a"]
    assert (first["files"], first["orbit"], first["crs"]) == (files, 131, "EPSG:32633")
    (item,) = results["items"]
    assert tasks["r1-o131a-q0"]["item"] == item
    assert world.get(item.removeprefix("http://localhost"))["id"] == "r1-o131a"
    page = world.client.get("/jobs/r1/results?limit=1")
    assert page.get_json()["tasks"]["value"] == {}, "r1-o022d is empty"
    assert 'rel="next"' in page.headers["Link"]


@pytest.mark.parametrize("state", RequestState)
def test_results_are_there_where_a_job_was_successful(
    world: ReadingWorld, state: RequestState
) -> None:
    response = world.client.get(f"/jobs/in-{state.lower()}/results")
    told = response.get_json()
    status = STATUS_OF[state]
    if status is JobStatus.SUCCESSFUL:
        assert (response.status_code, told["composites"], told["items"]) == (200, [], [])
    elif state.terminal:
        assert (response.status_code, told["state"]) == (409, state)
    else:
        assert (response.status_code, told["state"]) == (404, state)
        assert told["type"].endswith("/result-not-ready")


def test_the_process_takes_the_message(world: ReadingWorld) -> None:
    process = world.get("/processes/composite")
    schema = process["inputs"]["request"]["schema"]
    assert {"aoi", "start", "end"} <= set(schema["properties"])
    assert process["jobControlOptions"] == ["dismiss"]
    assert replace(world, dismissals=None).get("/processes/composite")["jobControlOptions"] == []


def test_a_region_is_told_with_its_requests_and_history(world: ReadingWorld) -> None:
    region = world.get("/regions/alps")
    assert region["definition"]["id"] == "alps"
    assert [one["id"] for one in region["requests"]] == ["r1"]
    assert [one["kind"] for one in region["history"]] == ["created"]
    assert [one["id"] for one in walk(world, "/regions?limit=1", "regions")] == ["alps", "andes"]


def test_an_incident_is_told_with_its_alerts_and_watches(world: ReadingWorld) -> None:
    incident = world.get("/incidents/i-0123456789")
    assert incident["area"]["type"] in ("Polygon", "MultiPolygon")
    assert [one["id"] for one in incident["alerts"]] == ["FL/1"]
    assert [one["id"] for one in incident["watches"]] == ["w-0123456789-22a"]
    assert len(walk(world, "/incidents?limit=1&hazard=flood&state=ACTIVE", "incidents")) == 2
    chain = world.get("/why/i-0123456789")["chain"]
    assert [one["what"] for one in chain][-1] == "request r1"


def test_feeds_tell_how_far_they_are_fetched(world: ReadingWorld) -> None:
    feeds = {feed["name"]: feed for feed in world.get("/feeds")["feeds"]}
    assert feeds["gdacs"]["fetch"]["error"] == "503"
    assert feeds["usgs"]["fetch"] is None


def test_a_rejection_has_its_copy_and_the_list_has_none(world: ReadingWorld) -> None:
    (listed,) = walk(world, "/rejections", "rejections")
    assert "payload" not in listed
    assert world.get("/rejections/x1")["payload"] == "{}"


def test_the_queue_is_told_in_numbers(world: ReadingWorld) -> None:
    queue = world.get("/queue?limit=1")
    assert (queue["active"], queue["planned"], len(queue["line"])) == (3, 2, 1)
    assert [hold["reason"] for hold in queue["holds"]] == ["queue"]
    holds = read_holds(world.store, world.context.settings, NOW)
    assert queue["holds"][0]["until"].startswith(next(iter(holds.values())).isoformat()[:19])
