"""A client that others made of the standard reads all that the standard has, over a socket."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ogc_api_processes_client.api_client_wrapper import ApiClientWrapper
from ogc_api_processes_client.configuration import Configuration
from ogc_api_processes_client.exceptions import ApiException

from s1ratio.adapters.http.serving import listen
from tests.support.reading_world import ReadingWorld, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ReadingWorld]:
    found = open_world(tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def client(world: ReadingWorld) -> Iterator[ApiClientWrapper]:
    listening = listen(world.app, "127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve, daemon=True)
    thread.start()
    yield ApiClientWrapper(Configuration(host=listening.url.rstrip("/")))
    listening.close()


def test_the_way_in_leads_to_the_jobs(client: ApiClientWrapper) -> None:
    landing = client.get_landing_page()
    rels = {link.rel for link in landing.links}
    assert {"self", "service-desc", "conformance"} <= rels
    assert all("ogcapi-common" in one for one in client.get_conformance_classes().conforms_to)
    assert [one.id for one in client.get_processes().processes] == ["composite"]


def test_jobs_are_read(client: ApiClientWrapper) -> None:
    jobs = client.get_jobs().jobs
    assert len(jobs) == 10
    assert jobs[0].job_id == "r1"
    status = client.get_status("r1")
    assert (status.status.value, status.progress) == ("successful", 100)
    assert client.get_status("every").status.value == "running"
    with pytest.raises(ApiException) as refused:
        client.get_status("none")
    assert refused.value.status == 404


def test_results_are_read(client: ApiClientWrapper) -> None:
    results: dict[str, Any] = client.get_result("r1")
    files = results["composites"].actual_instance.actual_instance
    assert files[1] == "https://files.test/bucket/two.tif"


def test_a_job_is_dismissed(client: ApiClientWrapper, world: ReadingWorld) -> None:
    assert client.dismiss("every").job_id == "every"
    assert world.dismissals is not None
    assert world.dismissals.asked == [("every", "local", "dismissed by local")]
