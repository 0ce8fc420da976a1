"""For who publishes and waits: messages are checked, sent, followed, and what came is fetched.

    from s1ratio.client import Client

    with Client("my-project", "prod", url="https://…") as client:
        sent = client.publish({"aoi": area, "start": "2023-05-01", "end": "2023-07-01"})
        if client.wait(sent.request_id, message_id=sent.message_id).outcome == "verified":
            client.download(sent.request_id, "composites")

It needs what a bare installation brings, and google-cloud-pubsub (the extra `client`).
"""

from s1ratio.client.client import Client, History, Rules
from s1ratio.client.jobs import Outcome
from s1ratio.client.outcomes import Commanded, Published, Refused
from s1ratio.client.profiles import Profile
from s1ratio.client.waiting import Waited
from s1ratio.errors import (
    InvalidRequest,
    PubSubError,
    PubSubUnavailable,
    ServiceError,
    ServiceUnavailable,
    UnknownRecord,
)
from s1ratio.preview import Preview

__all__ = [
    "Client",
    "Commanded",
    "History",
    "InvalidRequest",
    "Outcome",
    "Preview",
    "Profile",
    "PubSubError",
    "PubSubUnavailable",
    "Published",
    "Refused",
    "Rules",
    "ServiceError",
    "ServiceUnavailable",
    "UnknownRecord",
    "Waited",
]
