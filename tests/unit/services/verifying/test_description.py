"""What files are is written beside them once they are verified, and never holds a verdict up."""

from collections.abc import Mapping

import pytest

from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable, S1RatioError
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE


@pytest.mark.parametrize("synthetic", [False, True])
def test_a_verified_file_bears_its_units_and_what_it_is_of(world: World, synthetic: bool) -> None:
    world.set(synthetic=synthetic)
    wished = {"products": ["vvvh_db", "vv_linear"], "statistics": ["median", "count"]}
    world.launch(message(orbits=[131], direction="ASCENDING", **wished))
    world.until(world.settled)
    (name,) = world.task().result.files
    told = world.bucket.described[name]
    assert told["s1ratio-bands"] == (
        "vvvh_db_median; vvvh_db_count; vv_linear_median; vv_linear_count"
    )
    assert told["s1ratio-units"] == "dB; passes; 1; passes"
    assert told["s1ratio-stretches"] == "2 14; 0 30; 0 0.4; 0 30"
    assert told["s1ratio-orbit"] == "131 ascending"
    assert told.get("s1ratio-scenes") == ("synthetic" if synthetic else None)
    assert all(text.isascii() for text in told.values())
    assert not world.task().result.notes


@pytest.mark.parametrize("error", [ObjectMissing("gone"), ObjectStoreUnavailable("403 Forbidden")])
def test_metadata_that_cannot_be_written_is_a_note(
    world: World, monkeypatch: pytest.MonkeyPatch, error: S1RatioError
) -> None:
    def refuse(_name: str, _metadata: Mapping[str, str]) -> None:
        raise error

    monkeypatch.setattr(world.bucket, "describe", refuse)
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert task.state is TaskState.VERIFIED
    (note,) = task.result.notes
    assert note == f"its units are not in the metadata of all its objects: {error}"


@pytest.mark.parametrize(
    ("outcome", "described"),
    [
        (Outcome(has_data=False), True),
        (Outcome(written=False), False),
        (Outcome(bands=("VV",)), False),
    ],
)
def test_what_failed_is_not_described(world: World, outcome: Outcome, described: bool) -> None:
    world.ee.outcomes.append(outcome)
    world.launch(ONE)
    world.until(world.settled)
    assert bool(world.bucket.described) is described
