"""What a launch costs, beside a function that does nothing and one that sets one document."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support.function_process import deployed
from tests.support.intercepting_servers import Answer, Sent, serving
from tests.support.push_load import EMPTY, ONE_SET, measure, write_function

pytestmark = [pytest.mark.bench, pytest.mark.emulators]

MESSAGES, WARM = 220, 20
# 12 ms where an empty function takes 1.25, as on two free cores: a busy machine moves both.
AT_MOST = 9.6


def _payload(number: int) -> bytes:
    """An ordinary message, all defaults but its orbit; no two have an area in common."""
    west = 15.1 + number * 1e-4
    message = {
        "aoi": {"bbox": [west, 48.00, west + 0.06, 48.04]},
        "start": "2023-05-01",
        "end": "2023-07-01",
        "orbits": [95],
        "direction": "DESCENDING",
    }
    return json.dumps(message).encode()


@pytest.fixture
def taken_by_earth_engine():
    """An Earth Engine that takes every export at once, and computes nothing."""
    numbers = count()

    def take(sent: Sent) -> Answer:
        assert sent.path.partition("?")[0].endswith("image:export"), sent.path
        return 200, json.dumps({"name": f"projects/p/operations/{next(numbers)}"}).encode()

    with serving(take) as server:
        yield server


def test_a_launch_beside_an_empty_function_and_one_set(
    firestore_emulator: str,
    taken_by_earth_engine,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    store = {"FIRESTORE_EMULATOR_HOST": firestore_emulator}
    environment = {
        **store,
        "S1RATIO_PROJECT": f"bench-{uuid4().hex[:8]}",
        "S1RATIO_BUCKET": "bucket",
        "S1RATIO_EE_URL": taken_by_earth_engine.url,
    }
    load: dict[str, Any] = {"payloads": list(map(_payload, range(MESSAGES))), "warm": WARM}

    empty, one_set = (
        measure(write_function(tmp_path, name, source), "measured", store, tmp_path, **load)
        for name, source in (("empty", EMPTY), ("one_set", ONE_SET))
    )
    launch = measure(deployed("launch_exports"), "launch_exports", environment, tmp_path, **load)

    assert len(taken_by_earth_engine.requests) == MESSAGES, "every message started its export"
    record_property(
        "figures",
        f"a launch: {launch.rate:.1f} messages/s, {launch.cpu_ms:.1f} ms of CPU each, "
        f"{launch.cpu_ms / empty.cpu_ms:.1f} × an empty function's; "
        f"{empty.rate / launch.rate:.1f} × fewer a second than an empty function "
        f"({empty.rate:.1f}/s, {empty.cpu_ms:.1f} ms), {one_set.rate / launch.rate:.1f} × fewer "
        f"than one that sets one document ({one_set.rate:.1f}/s, {one_set.cpu_ms:.1f} ms)",
    )
    assert launch.cpu_ms <= AT_MOST * empty.cpu_ms
