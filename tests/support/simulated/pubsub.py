"""A subscription of dead letters and a topic, as strict as Pub/Sub: handles go stale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from s1ratio.errors import PubSubError, PubSubUnavailable
from s1ratio.ports import DeadLetter


class SimulatedTopic:
    """Meets `ports.Publisher`. Refuses what Pub/Sub refuses; while `down`, it does not answer."""

    def __init__(self) -> None:
        self.messages: list[tuple[bytes, dict[str, str]]] = []
        self.down = False

    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        """Keep a message."""
        if self.down:
            raise PubSubUnavailable("Pub/Sub did not answer")
        if len(attributes) > 100 or (not data and not attributes):
            raise PubSubError("Pub/Sub refused: too many attributes, or nothing at all")
        self.messages.append((data, dict(attributes)))
        return f"p{len(self.messages)}"


class SimulatedDeadLetters:
    """Meets `ports.DeadLetters`. `lapse` ends all ack deadlines: what is out is to be had again."""

    def __init__(self, *letters: DeadLetter) -> None:
        self._letters = {letter.message_id: letter for letter in letters}
        self._out: dict[str, str] = {}  # message id -> its current handle
        self._pulls = 0
        self.fruitless = 0  # pulls to come that bring nothing though there are letters

    @property
    def left(self) -> list[str]:
        """Ids of the letters that are not acknowledged."""
        return list(self._letters)

    @property
    def held(self) -> list[str]:
        """Ids of those that nobody else can pull now."""
        return list(self._out)

    def lapse(self) -> None:
        self._out.clear()

    def pull(self, limit: int) -> Sequence[DeadLetter]:
        """Return letters that are not out, under new handles."""
        self._pulls += 1
        if self.fruitless:
            self.fruitless -= 1
            return []
        free = [one for one in self._letters.values() if one.message_id not in self._out][:limit]
        self._out |= {one.message_id: f"{one.message_id}/{self._pulls}" for one in free}
        return [replace(one, handle=self._out[one.message_id]) for one in free]

    def acknowledge(self, letter: DeadLetter) -> None:
        """Forget a letter; a stale handle does nothing, as in Pub/Sub."""
        if self._out.get(letter.message_id) == letter.handle:
            del self._out[letter.message_id], self._letters[letter.message_id]

    def release(self, letters: Sequence[DeadLetter]) -> None:
        """Let letters be pulled again; a stale handle does nothing."""
        for letter in letters:
            if self._out.get(letter.message_id) == letter.handle:
                del self._out[letter.message_id]
