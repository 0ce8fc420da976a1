"""The whole way of a message, through the genuine emulators and the functions as processes."""

import time
from collections.abc import Iterator

import pytest
import rasterio

from s1ratio.records import RequestState
from s1ratio.task import TaskState, description
from tests.support.emulated_cloud import BUCKET, DEPLOYMENT, Cloud, Hosts, open_cloud

pytestmark = pytest.mark.emulators

DEADLINE_S = 180.0
MESSAGE = {
    "request_id": "journey",
    "aoi": {"bbox": [14.60, 48.00, 14.615, 48.01]},
    "start": "2023-05-01",
    "end": "2023-06-01",
    "angle": "none",
    "grid": {"crs": "utm", "scale": 20},
}


@pytest.fixture(scope="module")
def cloud(hosts_of_module: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One deployment for all tests; each sends a request of its own, for pixels of its own."""
    with open_cloud(hosts_of_module, tmp_path_factory.mktemp("cloud")) as opened:
        yield opened


def _until_ended(cloud: Cloud, request_id: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        cloud.tick()
        record = cloud.store.get_request(request_id)
        if record is not None and record.state.terminal:
            return
        time.sleep(0.3)
    raise AssertionError(f"not ended in {DEADLINE_S} s: {cloud.store.find_tasks_of(request_id)}")


def test_a_message_published_twice_becomes_one_verified_operation_for_each_task(
    cloud: Cloud,
) -> None:
    cloud.publish(MESSAGE)
    cloud.publish(MESSAGE)
    _until_ended(cloud, "journey")
    cloud.publish(MESSAGE)
    time.sleep(1)
    cloud.tick()

    record = cloud.store.get_request("journey")
    assert record is not None
    assert record.state is RequestState.VERIFIED
    tasks = cloud.store.find_tasks_of("journey")
    assert len(tasks) >= 2, "the area is seen from two orbits at least"
    assert {task.state for task in tasks} == {TaskState.VERIFIED}
    operations = [found["metadata"]["description"] for found in cloud.operations()]
    ours = [name for name in operations if "-pixels-" not in name]
    assert sorted(ours) == sorted(description(DEPLOYMENT, task) for task in tasks)


def test_what_comes_out_is_a_cog_of_the_planned_pixels(cloud: Cloud) -> None:
    cloud.publish({**MESSAGE, "request_id": "pixels", "grid": {"crs": "utm", "scale": 25}})
    _until_ended(cloud, "pixels")
    tasks = cloud.store.find_tasks_of("pixels")
    assert tasks
    for task in tasks:
        assert task.result.files == (f"composites/pixels/{task.id}.tif",)
        with rasterio.open(cloud.out / BUCKET / task.result.files[0]) as file:
            assert file.descriptions == ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
            assert file.crs.to_epsg() == 32633
            assert file.shape == (task.plan.grid.height, task.plan.grid.width)
            assert tuple(file.transform)[:6] == task.plan.grid.transform
            assert set(file.dtypes) == {"float32"}
            assert file.nodata == -9999
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_a_bad_message_is_recorded_with_its_reasons_and_not_delivered_again(cloud: Cloud) -> None:
    cloud.publish({**MESSAGE, "request_id": "bad", "orbits": [0], "colour": "blue"})
    end = time.monotonic() + DEADLINE_S
    while not cloud.store.find_rejections(10) and time.monotonic() < end:
        time.sleep(0.1)
    (rejection,) = cloud.store.find_rejections(10)
    assert [fault.path for fault in rejection.reasons] == ["orbits[0]", "colour"]
    assert cloud.store.get_request("bad") is None
