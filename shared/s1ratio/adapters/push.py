"""A `Publisher` without Pub/Sub: messages are POSTed to launch_exports, as a subscription would.

For one machine: nothing keeps a message that could not be delivered, so who publishes is told.
"""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException

from typing_extensions import override

from s1ratio.errors import PubSubUnavailable
from s1ratio.ports import Publisher

DEADLINE_S = 300.0  # a launch starts tasks for a while before it answers
_TOPIC = "projects/local-project/topics/requests"
_SUBSCRIPTION = "projects/local-project/subscriptions/requests"


def push_body(data: bytes, attributes: Mapping[str, str], message_id: str = "1") -> bytes:
    """Return the body in which Pub/Sub pushes a message."""
    message = {
        "data": base64.b64encode(data).decode(),
        "attributes": dict(attributes),
        "messageId": message_id,
    }
    return json.dumps({"message": message, "subscription": _SUBSCRIPTION}).encode()


class PushPublisher(Publisher):
    """Pushes to the function at `url`, such as http://127.0.0.1:8080."""

    def __init__(self, url: str, deadline_s: float = DEADLINE_S) -> None:
        self._url, self._deadline_s = f"{url}/{_TOPIC}", deadline_s

    @override
    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - the deployment's own setting
            self._url, push_body(data, attributes), headers
        )
        try:
            with urllib.request.urlopen(request, timeout=self._deadline_s):  # noqa: S310
                return "1"
        except (OSError, HTTPException, urllib.error.URLError) as error:
            words = f"{self._url} did not take the message: {type(error).__name__}: {error}"
            raise PubSubUnavailable(words) from error
