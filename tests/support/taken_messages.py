"""A topic that takes messages, or fails as it is told to; nothing is sent anywhere."""

from collections.abc import Sequence

from s1ratio.errors import PubSubError


class TakenMessages:
    """Meets `ports.BatchPublisher`. `faults` are raised by the next calls, in turn."""

    def __init__(self, *faults: PubSubError) -> None:
        self.calls: list[list[bytes]] = []
        self.taken: list[bytes] = []
        self.closed = False
        self._faults = list(faults)

    def publish_all(self, payloads: Sequence[bytes]) -> Sequence[str]:
        """Take messages, or raise the next fault."""
        self.calls.append(list(payloads))
        if self._faults:
            raise self._faults.pop(0)
        first = len(self.taken)
        self.taken += payloads
        return [f"m{number}" for number in range(first, len(self.taken))]

    def close(self) -> None:
        """Remember that it was let go of."""
        self.closed = True
