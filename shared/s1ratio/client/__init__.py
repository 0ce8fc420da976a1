"""For who publishes: messages are checked here, as the deployment will, and sent to its topics.

    from s1ratio.client import Client

    with Client("my-project", "prod") as client:
        sent = client.publish({"aoi": area, "start": "2023-05-01", "end": "2023-07-01"})
        client.cancel(sent.request_id, by="anna", reason="the wrong area")

It needs what a bare installation brings, and google-cloud-pubsub (the extra `client`).
"""

from s1ratio.client.client import Client, History, Rules
from s1ratio.client.outcomes import Commanded, Published, Refused
from s1ratio.errors import InvalidRequest, PubSubError, PubSubUnavailable
from s1ratio.preview import Preview

__all__ = [
    "Client",
    "Commanded",
    "History",
    "InvalidRequest",
    "Preview",
    "PubSubError",
    "PubSubUnavailable",
    "Published",
    "Refused",
    "Rules",
]
