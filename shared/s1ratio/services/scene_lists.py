"""Lists of scenes over many areas: one call for all, and no area's trouble is another's.

Where Earth Engine can't answer a call as a whole its questions are asked in halves, until the one
that is at fault stands alone: it is told, and who asked puts that one off. A fault that is nobody's
own, such as a quota, ends the asking at once; one that may be anybody's after three calls without
an answer.
"""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from s1ratio.errors import (
    AccessRefused,
    EarthEngineFault,
    QueueFull,
    QuotaExceeded,
    TransientFault,
)
from s1ratio.logevents import TROUBLE, tell
from s1ratio.scenes import SceneAnswer, SceneQuestion, in_calls
from s1ratio.services.context import Context
from s1ratio.services.waiting.isolation import describe

_LOG = logging.getLogger(__name__)
_MAX_CALLS = 24  # of one list: one question at fault among fifty takes thirteen
_MAX_UNANSWERED = 3  # from the first call on
_NOBODYS = (QueueFull, QuotaExceeded, AccessRefused)


@dataclass
class SceneLists:
    """The answers by the questions' keys, in words why the others have none, how many calls.

    `at_fault` are questions that were asked alone in vain while others were answered, or that
    could not be answered in any company; `stopped` says that Earth Engine did not answer.
    """

    answers: dict[str, SceneAnswer] = field(default_factory=dict)
    at_fault: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    stopped: bool = False


def list_scenes(
    context: Context, questions: Sequence[SceneQuestion], until: datetime, troubles: list[str]
) -> SceneLists:
    """Ask for scenes, in one call for fifty questions while all goes well; never raise a fault.

    No call begins after `until` but the first.
    """
    found = SceneLists()
    parts = deque[Sequence[SceneQuestion]](in_calls(questions))
    while parts and not found.stopped:
        if found.calls and (found.calls >= _MAX_CALLS or context.clock.now() >= until):
            break  # what is left is asked about the next time
        part = parts.popleft()
        found.calls += 1
        try:
            answers = context.earth_engine.find_scenes(part)
        except Exception as error:
            _tell(error, troubles)
            parts.extend(_after_fault(found, part, error))
        else:
            found.answers.update((answer.key, answer) for answer in answers)
    return found


def _after_fault(
    found: SceneLists, part: Sequence[SceneQuestion], error: Exception
) -> list[Sequence[SceneQuestion]]:
    """Return what is asked in the place of a call that was not answered."""
    own = _is_of_what_is_asked(error)
    unanswered = not own and not found.answers
    if isinstance(error, _NOBODYS) or (unanswered and found.calls >= _MAX_UNANSWERED):
        found.stopped = True
        return []
    if len(part) > 1:
        middle = len(part) // 2
        return [part[:middle], part[middle:]]
    if own or found.answers:
        found.at_fault[part[0].key] = describe(error)
    else:
        found.stopped = True
    return []


def _is_of_what_is_asked(error: Exception) -> bool:
    """Tell whether a fault can only be that of a question, and not of the wire or the service."""
    return not isinstance(error, TransientFault) or error.unreadable


def _tell(error: Exception, troubles: list[str]) -> None:
    troubles.append(f"listing scenes: {error}")
    error_class = error.error_class if isinstance(error, EarthEngineFault) else None
    tell(_LOG, TROUBLE, what=troubles[-1], error_class=error_class)
