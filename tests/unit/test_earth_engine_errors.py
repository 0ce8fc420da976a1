"""Earth Engine's words, and the HTTP status beside them, as classes of faults."""

from typing import Any

import pytest

from s1ratio.earth_engine_errors import WORDINGS, fault_of
from s1ratio.errors import OutOfMemory

MASKED = "No valid (un-masked) pixels in export region."
OLDER_MASKED = "Export region contains no valid (un-masked) pixels."
BUSY = "Request was rejected because the request rate or concurrency limit was exceeded."
PER_MINUTE = (
    "Quota exceeded for quota metric 'Number of read requests' and limit 'Number of read requests "
    "per minute per user' of service 'earthengine.googleapis.com'."
)
TOO_LARGE_OUTPUT = (
    "Output of image computation is too large (20 bands for 851968 pixels = 126.8 MiB > 80.0 MiB). "
    "If this is a reduction, try specifying a larger 'tileScale' parameter."
)


@pytest.mark.parametrize(
    ("message", "status", "expected"),
    [
        ("Too many tasks already in the queue (3000). Please wait.", 429, "queue"),
        ("Too many tasks already in the queue (3000). Please wait.", None, "queue"),
        ("Too Many Requests", 429, "queue"),
        ("Your usage exceeded the custom quota for 'EECU-seconds per day'.", 429, "quota"),
        ("Your usage exceeded the custom quota for 'EECU-seconds per day'.", None, "quota"),
        ("Internal error.", None, "transient"),
        ("An internal error has occurred (request id 1f).", 500, "transient"),
        ("Bad gateway", 502, "transient"),
        ("", 503, "transient"),
        ("Deadline Exceeded", None, "transient"),
        ("The read operation timed out", None, "transient"),
        ("HTTPConnectionPool(host='h', port=1): Read timeout.", None, "transient"),
        ("Too many concurrent aggregations.", 429, "transient"),
        ("User memory limit exceeded.", None, "resources"),
        ("User memory limit exceeded.", 400, "resources"),
        ("Computation timed out.", None, "resources"),
        ("User memory limit exceeded. (Error code: 8)", None, "resources"),
        ("Computation timed out.", 400, "resources"),
        ("Computed value is too large.", 400, "resources"),
        ("Collection query aborted after accumulating over 5000 elements.", 400, "resources"),
        (TOO_LARGE_OUTPUT, None, "resources"),
        ("Execution failed; out of memory.", None, "resources"),
        ("Error: Execution failed; out of memory. (Error code: 8)", None, "resources"),
        ("Earth Engine memory capacity exceeded.", 503, "transient"),
        ("Earth Engine memory capacity exceeded.", 400, "transient"),
        ("Earth Engine memory capacity exceeded.", None, "transient"),
        ("Earth Engine capacity exceeded.", 400, "transient"),
        ("Tile Error: Earth Engine Capacity Exceeded", None, "transient"),
        ("Too many concurrent aggregations.", None, "transient"),
        ("An internal server error has occurred.", None, "transient"),
        ("Please try again.", None, "transient"),
        (f"Too Many Requests: {BUSY}", 429, "queue"),
        (f"Too Many Requests: {BUSY}", None, "queue"),
        (PER_MINUTE, 429, "queue"),
        (PER_MINUTE, None, "queue"),
        (MASKED, None, "empty"),
        (f"Error: {MASKED} (Error code: 3)", None, "empty"),
        (MASKED, 400, "empty"),
        (OLDER_MASKED, None, "empty"),
        (OLDER_MASKED.upper(), None, "empty"),
        ("Reprojection output too large (14447x23745 pixels).", None, "too_big"),
        ("Request payload size exceeds the limit: 10485760 bytes.", 400, "terminal"),
        ("Image.constant: Parameter 'value' is required.", None, "terminal"),
        ("Expression evaluates to an image with no bands.", 400, "terminal"),
        ("Export too large: specified 20000000000 pixels (max: 10000000000).", 400, "too_big"),
        (
            "A different Operation was already started with the given request_id.",
            400,
            "request_id_used",
        ),
        ("Operation projects/p/operations/X not found.", 404, "unknown_operation"),
        ("Image.select: Band pattern 'VX' did not match any bands.", 400, "terminal"),
        ("Permission 'earthengine.exports.create' denied.", 403, "refused"),
        ("Request had invalid authentication credentials.", 401, "refused"),
        ("User Rate Limit Exceeded", 403, "refused"),
        ("The operation was aborted.", 409, "refused"),
        ("Requested entity already exists", 409, "request_id_used"),
        ("Permission denied.", None, "terminal"),
        ("Reducer.median: collection is empty.", None, "terminal"),
        ("Cancelled", None, "terminal"),
        ("", None, "terminal"),
    ],
)
def test_words_mean_a_class(message: str, status: int | None, expected: str) -> None:
    fault = fault_of(message, status)
    assert fault.error_class == expected
    assert str(fault) == message


def test_what_may_be_tried_again_says_so() -> None:
    again = {"queue", "quota", "transient"}
    for message in ("Too many tasks already in the queue", "exceeded the custom quota", "x"):
        for status in (400, 429, 503):
            fault = fault_of(message, status)
            assert fault.retry == (fault.error_class in again)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.phrase)
def test_each_wording_has_its_source_and_no_earlier_one_hides_it(wording: Any) -> None:
    assert wording.source
    assert wording.phrase == wording.phrase.lower()
    assert type(fault_of(f"Error: {wording.phrase.capitalize()}. (Error code: 3)")) is wording.fault
    assert [found.phrase for found in WORDINGS].count(wording.phrase) == 1


def test_a_machine_without_memory_is_told_from_a_computation_that_is_too_large() -> None:
    assert isinstance(fault_of("Execution failed; out of memory."), OutOfMemory)
    assert not isinstance(fault_of("User memory limit exceeded."), OutOfMemory)
