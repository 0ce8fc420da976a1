"""Earth Engine's words, and the HTTP status beside them, as classes of faults."""

import pytest

from s1ratio.earth_engine_errors import fault_of


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
