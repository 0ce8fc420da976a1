"""The names that lead from a task to its operation and back.

They carry the identity of the task's store, lest two stores under one deployment's name take each
other's operations for their own. It comes last: what looks for `s1r-{deployment}-{task}` still
finds it. No other part has a `_`, so that an earlier version takes such a name for nobody's.
Earlier versions' names have no identity.
"""

import base64
import hashlib
import re

from s1ratio.task.model import Task


def make_identity(seed: str) -> str:
    """Return the identity of a store that is named so: 8 letters and digits, of a text's digest."""
    digest = hashlib.sha256(seed.encode()).digest()
    return base64.b32encode(digest).decode()[:8].lower()


def ee_request_id(
    deployment: str, task_id: str, attempt: int, start_number: int, identity: str | None
) -> str:
    """Return the deterministic request id of one start: `s1-` and 40 hex (60 are allowed)."""
    store = deployment if identity is None else f"{deployment}_{identity}"
    text = f"{store}|{task_id}|{attempt}|{start_number}"
    return f"s1-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def description(deployment: str, task: Task) -> str:
    """Return the description of an attempt's operation, the way back from it to the task.

    It has the identity that the attempt was claimed under, and 93 characters at most: 100 are
    allowed.
    """
    identity = "" if task.claim.identity is None else f"_{task.claim.identity}"
    return f"s1r-{deployment}-{task.id}-a{task.run.attempt}{identity}"


def task_of(deployment: str, text: str) -> tuple[str, int] | None:
    """Return (task id, attempt) of a description of this deployment, matched whole, or None.

    Whichever store it is of: see `identity_in`.
    """
    found = _match(deployment, text)
    return (found[1], int(found[2])) if found else None


def identity_in(deployment: str, text: str) -> str | None:
    """Return the identity in a description of this deployment; None: there is none in it."""
    found = _match(deployment, text)
    return found[3] if found else None


def _match(deployment: str, text: str) -> re.Match[str] | None:
    name = rf"s1r-{re.escape(deployment)}-([a-z0-9-]+)-a([1-9][0-9]{{0,5}})(?:_([a-z2-7]{{8}}))?"
    return re.fullmatch(name, text)
