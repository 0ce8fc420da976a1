"""Messages pushed without Pub/Sub: as a subscription would, and told where nobody takes them."""

import json

import pytest

from s1ratio.adapters.push import PushPublisher
from s1ratio.envelope import open_envelope
from s1ratio.errors import PubSubUnavailable
from tests.support.intercepting_servers import refusing, serving
from tests.support.object_stores import dead_port


def test_the_body_is_what_launch_exports_opens() -> None:
    payload = json.dumps({"a": 1}).encode()
    with serving(refusing(200, "")) as recorder:
        assert PushPublisher(recorder.url).publish(payload, {"key": "value"}) == "1"
    (request,) = recorder.requests
    assert open_envelope(request.body).payload == payload


@pytest.mark.parametrize("status", [500, 503, 404])
def test_a_function_that_fails_is_told(status: int) -> None:
    with serving(refusing(status, "broken")) as recorder, pytest.raises(PubSubUnavailable):
        PushPublisher(recorder.url).publish(b"{}", {})


def test_nobody_there_is_told_too() -> None:
    with pytest.raises(PubSubUnavailable, match="did not take the message"):
        PushPublisher(dead_port(), 1).publish(b"{}", {})
