"""What is written to Firestore is, to the last byte, what its own client's batches write."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import Client
from proto.datetime_helpers import DatetimeWithNanoseconds

from s1ratio.adapters.store.database import Create, Put, Replace, Write
from s1ratio.adapters.store.firestore_writes import write_message
from s1ratio.errors import Conflict

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
DOCUMENTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "plain": {"none": None, "true": True, "false": False, "text": "Größe ☂", "empty": ""},
    "numbers": {"zero": 0, "int": -(2**53), "large": 2**63 - 1, "float": 0.1, "whole": 2.0},
    "odd floats": {"nan": float("nan"), "inf": float("inf"), "minus": -0.0},
    "times": {
        "at": NOW,
        "day": datetime(1970, 1, 1, tzinfo=UTC),
        "far": NOW + timedelta(days=9999),
    },
    "lists": {"empty": [], "some": ["a", 1, None, 2.5, True, {"in": {"side": [1]}}]},
    "objects": {"empty": {}, "some": {"a b": {"c": {}}, "é": [], "d": NOW}},
}
VERSIONS = [NOW, DatetimeWithNanoseconds(2026, 1, 2, 3, 4, 5, nanosecond=123456789, tzinfo=UTC)]


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(project="p", credentials=AnonymousCredentials())


def _theirs(client: Client, write: Write, document: dict[str, Any]) -> Any:
    batch, reference = client.batch(), client.collection("c").document("d")
    match write:
        case Create():
            batch.create(reference, document)
        case Put():
            batch.set(reference, document)
        case Replace(expected=expected):
            option = client.write_option(last_update_time=expected)
            batch.update(reference, document, option=option)
    [made] = batch._write_pbs
    return made._pb


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("kind", ["create", "put", "replace", "replace to the nanosecond"])
def test_a_write_is_the_client_s(name: str, kind: str, client: Client) -> None:
    document = {**DOCUMENTS[name], "write_mark": "000-abc"}
    writes: dict[str, Write] = {
        "create": Create("c", "d", document),
        "put": Put("c", "d", document),
        "replace": Replace("c", "d", document, VERSIONS[0]),
        "replace to the nanosecond": Replace("c", "d", document, VERSIONS[1]),
    }
    write = writes[kind]
    path = client.collection("c").document("d")._document_path
    ours, theirs = write_message(write, path, document), _theirs(client, write, document)
    assert ours.SerializeToString(deterministic=True) == theirs.SerializeToString(
        deterministic=True
    )


def test_what_was_never_read_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="c/d was never read"):
        write_message(Replace("c", "d", {}, None), "path", {})


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, 1j])
def test_what_is_no_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        write_message(Put("c", "d", {}), "path", {"a": value})
