"""The topic of requests in the embedded cloud: a message is delivered as it is published."""

from collections.abc import Callable, Mapping

from typing_extensions import override

from s1ratio.errors import FunctionFailed, PubSubUnavailable
from s1ratio.ports import Publisher


class DeliveringTopic(Publisher):
    """Meets `ports.Publisher`; `deliver` takes messages once the cloud is open."""

    def __init__(self) -> None:
        self.deliver: Callable[[bytes], None] | None = None

    @override
    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        """Deliver a message; raise PubSubUnavailable where its function fails."""
        del attributes
        if self.deliver is None:
            raise PubSubUnavailable("the embedded cloud is not open yet")
        try:
            self.deliver(data)
        except FunctionFailed as error:
            raise PubSubUnavailable(str(error)) from error
        return "1"
