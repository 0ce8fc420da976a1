"""The room that a request leaves for what is added to it later; counted as Firestore counts."""

from dataclasses import replace

import pytest

from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.document_size import MAX_BYTES, document_bytes
from s1ratio.errors import RecordRefused
from s1ratio.growth import fully_grown
from s1ratio.ports import Store
from s1ratio.records import RequestRecord
from tests.contract.records import NOW, a_request

_REQUEST = Codec(RequestRecord)
FILLERS = pytest.mark.parametrize("filler", ["x", '"', "\\", "\0", "é", "😀"])

# From Firestore's page on storage sizes, or added up by its rules.
SIZES = [
    (
        {"type": "Personal", "done": False, "priority": 1, "description": "Learn Cloud Firestore"},
        71,
    ),
    ({}, 0),
    ({"a": None}, 3),
    ({"é": "é"}, 6),
    ({"a": "\U0001f600"}, 7),
    ({"a": '"\\\n'}, 6),
    ({"at": NOW, "x": 1.5}, 11 + 10),
    ({"a": [True, 1, "x", None]}, 2 + 1 + 8 + 2 + 1),
    ({"a": {"b": 1}}, 2 + 32 + 10),
    ({"a": [{"b": ""}, {}]}, 2 + 32 + 3 + 32),
]


@pytest.mark.parametrize(("document", "size"), SIZES)
def test_a_document_is_counted_by_the_rules_that_firestore_states(
    document: dict[str, object], size: int
) -> None:
    assert document_bytes(document) == size + 32


def largest(filler: str) -> RequestRecord:
    """Return a request that, fully grown, takes as many bytes as a document may."""
    empty = a_request("r" * 40, message="")
    room = MAX_BYTES - document_bytes(_REQUEST.document(fully_grown(empty)))
    text = filler * (room // len(filler.encode()))
    return replace(empty, message=text + "x" * (room - len(text.encode())))


@FILLERS
def test_a_request_is_kept_to_the_last_byte_with_all_that_is_added(
    store: Store, filler: str
) -> None:
    record = largest(filler)
    stored = store.create_request(record)
    grown = store.update_request(fully_grown(stored), stored.version)
    assert store.get_request(record.id) == grown
    assert grown.message == record.message


@FILLERS
def test_a_request_that_could_not_be_updated_later_is_refused(store: Store, filler: str) -> None:
    record = largest(filler)
    with pytest.raises(RecordRefused, match="bytes"):
        store.create_request(replace(record, message=record.message + "x"))
    assert store.get_request(record.id) is None
    stored = store.create_request(record)
    with pytest.raises(RecordRefused, match="bytes"):
        store.update_request(fully_grown(replace(stored, digest="d" * 66)), stored.version)
    assert store.get_request(record.id) == stored
