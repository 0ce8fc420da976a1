"""Earth Engine's operations as they come, with what is missing or makes no sense."""

from datetime import UTC, datetime
from typing import Any

import pytest

from s1ratio.adapters.earth_engine.operations import operation_of

WHOLE: dict[str, Any] = {
    "state": "RUNNING",
    "description": "s1r-prod-r1-o131a-a1",
    "createTime": "2024-05-01T10:00:00.123456789Z",
    "updateTime": "2024-05-01T12:00:00Z",
    "startTime": "2024-05-01T11:00:00Z",
    "endTime": "2024-05-01T11:30:00Z",
    "progress": 0.5,
    "batchEecuUsageSeconds": 7.5,
}


def shown(**changes: Any) -> Any:
    """Return an operation whose metadata differ; None takes a field away."""
    metadata = {key: value for key, value in (WHOLE | changes).items() if value is not None}
    found = operation_of({"name": "projects/p/operations/X", "metadata": metadata})
    assert found is not None
    return found


def test_an_operation_is_read() -> None:
    found = shown()
    assert found.updated_at == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert found.created_at == datetime(2024, 5, 1, 10, 0, 0, 123456, tzinfo=UTC)
    assert (found.state, found.progress, found.eecu_seconds) == ("RUNNING", 0.5, 7.5)


def test_one_that_does_not_say_when_it_changed_did_so_when_it_ended_or_began() -> None:
    assert shown(updateTime=None).updated_at == datetime(2024, 5, 1, 11, 30, tzinfo=UTC)
    began = shown(updateTime="soon", endTime=None)
    assert began.updated_at == datetime(2024, 5, 1, 11, tzinfo=UTC)
    waiting = shown(updateTime=None, endTime=None, startTime="1970-01-01T00:00:00Z")
    assert waiting.updated_at == waiting.created_at


@pytest.mark.parametrize("value", ["NaN", float("nan"), "Infinity", float("inf"), "much", [], {}])
def test_numbers_that_are_none_are_left_out(value: Any) -> None:
    found = shown(progress=value, batchEecuUsageSeconds=value)
    assert (found.progress, found.eecu_seconds) == (0.0, None)


@pytest.mark.parametrize("item", [None, "x", {}, {"metadata": {}}, {"name": "x", "metadata": []}])
def test_what_is_no_operation_is_none(item: Any) -> None:
    assert operation_of(item) is None
    assert operation_of({"metadata": WHOLE}) is None
    assert operation_of({"name": "x", "metadata": WHOLE | {"createTime": 7}}) is None
