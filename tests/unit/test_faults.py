"""Faults are kept in a document and told in a log line: none of them, nor all of them, is long."""

import json

import pytest

from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.document_size import MAX_BYTES, document_bytes
from s1ratio.errors import InvalidRequest
from s1ratio.faults import MAX_CODE, MAX_FAULTS, MAX_PATH, MAX_WORDS, Fault, capped, cut
from s1ratio.records import MAX_REJECTED_COPY, Rejection
from tests.support.simulated.clock import BEGIN

LONG = {
    "a key of 990,000 characters": "k" * 990_000,
    "a key of 25 kB": "k" * 25_000,
    "emoji": "\U0001f600" * 300_000,
    "half surrogates": "\ud800" * 300_000,
    "NULs and quotes": '\0"\\' * 300_000,
    "just too long by its bytes": "é" * (MAX_WORDS // 2 + 1),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_fault_is_cut_wherever_it_is_made(text: str) -> None:
    fault = Fault(text, text, text)
    limits = {"path": MAX_PATH, "code": MAX_CODE, "message": MAX_WORDS}
    for name, limit in limits.items():
        kept = getattr(fault, name)
        assert len(kept.encode("utf-8", "surrogatepass")) <= limit
        assert kept.endswith("…")
        assert text.encode("utf-8", "replace").decode().startswith(kept[:-1])


@pytest.mark.parametrize("limit", range(3, 12))
def test_a_cut_never_leaves_half_of_a_character(limit: int) -> None:
    for text in ("abcdefghijklmno", "ééééééééé", "😀😀😀😀😀", "aé😀aé😀"):
        assert len(cut(text, limit).encode()) <= limit
    assert cut("abc", 3) == "abc"


@pytest.mark.parametrize("count", [1, MAX_FAULTS, MAX_FAULTS + 1, 1_000, 10_000])
def test_faults_are_counted_where_they_are_too_many(count: int) -> None:
    faults = InvalidRequest(
        [Fault(f"orbits[{i}]", "orbit", "no orbit") for i in range(count)]
    ).faults
    assert len(faults) == min(count, MAX_FAULTS + 1)
    if count > MAX_FAULTS + 1:
        assert faults[-1].message == f"and {count - MAX_FAULTS} more faults"
    assert capped(faults) == faults, "once is enough"


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_the_largest_rejection_fits_into_a_document(text: str) -> None:
    reasons = capped([Fault(text, text, text)] * 10_000)
    copy = text[:MAX_REJECTED_COPY]
    document = Codec(Rejection).document(Rejection("r" * 40, BEGIN, reasons, copy, "m" * 64, BEGIN))
    assert document_bytes(document) < MAX_BYTES / 4
    assert len(json.dumps(document, default=str)) < MAX_BYTES


def test_stored_faults_of_any_length_are_read() -> None:
    stored = {"path": "p" * 5_000, "code": "code", "message": "m" * 5_000}
    document = Codec(Rejection).document(Rejection("r", BEGIN, (), "")) | {"reasons": [stored]}
    (reason,) = Codec(Rejection).record(document).reasons
    assert reason == Fault(**stored)
