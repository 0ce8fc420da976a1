"""The person at the command line: cancels and retries at any time, and tries again what failed."""

from collections.abc import Callable
from functools import partial
from random import Random

from s1ratio.errors import UnknownRecord
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import PollContext
from tests.simulation.judging.history_checker import BY_HAND

Wish = Callable[[PollContext], object]


class Operator:
    """Has wishes; knows which requests and tasks it asked to be cancelled, and when last."""

    name = BY_HAND

    def __init__(self, random: Random, request_ids: Callable[[], tuple[str, ...]]) -> None:
        self._random, self._request_ids = random, request_ids
        self.cancelled: set[str] = set()

    def wish(self) -> Wish:
        """Draw something that a person may do."""
        kind = self._random.choice((self._cancel, self._cancel, self._retry))
        return kind(self._random.choice(self._request_ids()))

    def carry_out(self, wish: Wish, context: PollContext) -> None:
        """Do it; what is not known yet can't be meant."""
        try:
            wish(context)
        except UnknownRecord:
            return

    def asked_for(self, request_id: str) -> bool:
        """Tell whether the end of any of a request's tasks was asked for."""
        return request_id in self.cancelled

    def _cancel(self, request_id: str) -> Wish:
        self.cancelled.add(request_id)
        if self._random.random() < 0.4:
            meant = Selection(task_ids=(f"{request_id}-o131a",))
        else:
            meant = Selection(request_id)
        return lambda context: cancel(context, meant, "no more needed")

    def _retry(self, request_id: str) -> Wish:
        again = self._random.choice((retry, retry, resubmit))
        return partial(_call, again, Selection(request_id))


def _call(
    again: Callable[[PollContext, Selection], object], meant: Selection, context: PollContext
) -> object:
    return again(context, meant)
