"""Records become documents and come back the same, whatever is in them."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s1ratio.adapters.store.codec import Codec, dumped, time_text
from s1ratio.adapters.store.database import Document
from s1ratio.faults import Fault
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask, OrbitPass
from s1ratio.records import Event, Rejection, RequestRecord, RequestState, Search
from s1ratio.request import Direction
from s1ratio.task import (
    GROUPS,
    Claim,
    End,
    Family,
    Pixels,
    Place,
    Result,
    Run,
    Task,
    TaskState,
    Trouble,
)
from tests.contract.records import a_task

TASK = Codec(Task, groups=GROUPS)

TEXT = st.text(max_size=20)
TIMES = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone apart
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(2**31), 2**31)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
FAULTS = st.lists(st.builds(Fault, TEXT, TEXT, TEXT), max_size=3).map(tuple)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
GRIDS = st.builds(PixelGrid, TEXT, NUMBERS, INTEGERS, INTEGERS, INTEGERS, INTEGERS)
DIRECTIONS = st.sampled_from(Direction)
PLANS = st.builds(ExportTask, TEXT, TEXT, INTEGERS, DIRECTIONS, GRIDS, TEXTS, TEXT)
PASSES = st.builds(
    OrbitPass, INTEGERS, DIRECTIONS, st.none() | NUMBERS, st.none() | st.integers(0, 10**6)
)
PLACES = st.builds(Place, INTEGERS, TIMES, INTEGERS)
CLAIMS = st.builds(
    Claim,
    owner=st.none() | TEXT,
    lease_until=st.none() | TIMES,
    starting_at=st.none() | TIMES,
    start_number=INTEGERS,
)
RUNS = st.builds(Run, attempt=INTEGERS, progress=NUMBERS, eecu_seconds=st.none() | NUMBERS)
RESULTS = st.builds(Result, st.none() | st.booleans(), TEXTS, TEXTS, st.none() | TEXT)
TASKS = st.builds(
    Task,
    plan=PLANS,
    state=st.sampled_from(TaskState),
    created_at=TIMES,
    place=PLACES,
    claim=CLAIMS,
    run=RUNS,
    trouble=st.builds(Trouble, st.none() | TEXT, st.none() | TEXT, INTEGERS),
    result=RESULTS,
    pixels=st.builds(Pixels, *[st.none() | TEXT] * 3, st.none() | NUMBERS),
    family=st.builds(Family, st.none() | TEXT, INTEGERS, INTEGERS),
    end=st.builds(End, st.none() | TEXT, st.none() | TIMES, st.none() | TIMES),
)
REQUESTS = st.builds(
    RequestRecord,
    id=TEXT,
    digest=TEXT,
    message=TEXT,
    state=st.sampled_from(RequestState),
    created_at=TIMES,
    not_before=TIMES,
    passes=st.none() | st.lists(PASSES, max_size=3).map(tuple),
    tallies=st.dictionaries(TEXT, INTEGERS, max_size=3),
    reasons=FAULTS,
    error=st.none() | TEXT,
    search=st.builds(Search, INTEGERS, INTEGERS, st.lists(PASSES, max_size=3).map(tuple)),
)
REJECTIONS = st.builds(Rejection, TEXT, TIMES, FAULTS, TEXT, st.none() | TEXT)
EVENTS = st.builds(Event, TEXT, TEXT, TEXT, TIMES, st.dictionaries(TEXT, JSON, max_size=3))


def _json_and_back(document: Document) -> Document:
    """Return a document as it comes out of a JSON text."""
    loaded: Document = json.loads(dumped(document))
    return loaded


def _holds_no_list_in_a_list(value: object, *, inside: bool = False) -> bool:
    if isinstance(value, list):
        return not inside and all(_holds_no_list_in_a_list(v, inside=True) for v in value)
    if isinstance(value, dict):
        return all(_holds_no_list_in_a_list(v) for v in value.values())
    return not isinstance(value, tuple | set)


@pytest.mark.parametrize(
    ("codec", "records"),
    [
        (TASK, TASKS),
        (Codec(RequestRecord), REQUESTS),
        (Codec(Rejection), REJECTIONS),
        (Codec(Event, as_text=frozenset({"data"})), EVENTS),
    ],
    ids=["task", "request", "rejection", "event"],
)
@given(data=st.data())
def test_a_record_comes_back_from_its_document(
    codec: Codec[object], records: st.SearchStrategy[object], data: st.DataObject
) -> None:
    record = data.draw(records)
    document = codec.document(record)
    assert _holds_no_list_in_a_list(document)
    assert "version" not in document
    assert codec.record(document) == record
    assert codec.record(_json_and_back(document)) == record


def test_fields_of_a_later_version_are_passed_over_and_missing_ones_have_defaults() -> None:
    document = TASK.document(a_task())
    del document["notes"]
    assert TASK.record({**document, "added_later": [1]}, version=7) == a_task()
    assert TASK.record(document, version=7).version == 7


@given(st.lists(TIMES, min_size=2))
def test_times_sort_as_text(times: list[datetime]) -> None:
    assert sorted(times) == sorted(times, key=time_text)
