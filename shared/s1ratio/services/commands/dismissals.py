"""Wishes to cancel a request that readers have: published as commands, or fulfilled at once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from s1ratio.commands import Cancel, WorkTarget, message_of
from s1ratio.faults import cut
from s1ratio.ports import Publisher
from s1ratio.ports.dismissing import Dismissal, Dismisser
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import Context

_MAX_BY, _MAX_REASON = 100, 500


class PublishedDismissals(Dismisser):
    """Each wish is a command on a topic, for whoever applies commands."""

    def __init__(self, open_topic: Callable[[], Publisher]) -> None:
        self._open_topic = open_topic

    def dismiss(self, request_id: str, by: str, reason: str, now: datetime) -> Dismissal:
        """Publish the wish as a command."""
        by, reason = cut(by, _MAX_BY), cut(reason, _MAX_REASON)
        command = Cancel(
            id=command_id(request_id, by, now),
            target=WorkTarget(request=request_id),
            by=by,
            reason=reason,
        )
        message = json.dumps(message_of(command), sort_keys=True, separators=(",", ":"))
        self._open_topic().publish(message.encode(), {})
        return Dismissal(command.id)


class AppliedDismissals(Dismisser):
    """Each wish is fulfilled at once, in the store of a context."""

    def __init__(self, open_context: Callable[[], Context]) -> None:
        self._open_context = open_context

    def dismiss(self, request_id: str, by: str, reason: str, now: datetime) -> Dismissal:
        """Cancel the request: what has not begun ends now, the rest at the poller's next tick."""
        del by, now  # told in the reason; nothing of it is remembered
        cancel(self._open_context(), Selection(request_id), reason)
        return Dismissal()


def command_id(request_id: str, by: str, now: datetime) -> str:
    """Return the id of a wish: that of the same one within a minute is the same.

    Beyond that it is another: what was set going again may be cancelled again.
    """
    text = f"{request_id}|{by}|{now:%Y%m%d%H%M}"
    return f"d-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"
