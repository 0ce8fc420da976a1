"""Feeds, rules and silences as they are stored: read with care, and changed all or nothing."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from s1ratio.alerts.feed import Feed, read_feed
from s1ratio.alerts.records import Definition, Kind
from s1ratio.alerts.rule import Rule, read_rule
from s1ratio.alerts.rule_requests import request_faults
from s1ratio.alerts.silences import Silence, read_silence
from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.logevents import TROUBLE, tell
from s1ratio.ports import AlertStore
from s1ratio.request.checks import Limits

_LOG = logging.getLogger(__name__)
ReadT = TypeVar("ReadT", Feed, Rule, Silence)
READERS: dict[Kind, Callable[[Any], Feed | Rule | Silence]] = {
    Kind.FEED: read_feed,
    Kind.RULE: read_rule,
    Kind.SILENCE: read_silence,
}


def load_feeds(store: AlertStore) -> list[Feed]:
    """Return the feeds there are; one that can't be read any more is told and passed over."""
    return _load(store, Kind.FEED, read_feed)


def load_rules(store: AlertStore) -> list[Rule]:
    """Return the rules there are; one that can't be read any more is told and passed over."""
    return _load(store, Kind.RULE, read_rule)


def load_silences(store: AlertStore, now: datetime) -> list[Silence]:
    """Return the silences that have not ended."""
    return [one for one in _load(store, Kind.SILENCE, read_silence) if one.ends_at > now]


def _load(store: AlertStore, kind: Kind, read: Callable[[Any], ReadT]) -> list[ReadT]:
    found = []
    for one in store.get_definitions(kind):
        try:
            found.append(read(one.document))
        except InvalidRequest as error:
            tell(_LOG, TROUBLE, what=f"{kind} {one.name} can't be read: {error}")
    return found


@dataclass(frozen=True)
class Proposal:
    """What a file would change of one definition: `before` None if it is new."""

    definition: Definition
    before: Definition | None

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        before = self.before
        if before is None or before.removed != self.definition.removed:
            return True
        return before.document != self.definition.document


def propose(
    store: AlertStore,
    kind: Kind,
    documents: Sequence[Any],
    now: datetime,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    *,
    check: Callable[[Feed | Rule | Silence], list[Fault]] = lambda _: [],
) -> list[Proposal]:
    """Return what documents would change; raise InvalidRequest with the faults of all of them.

    `limits` are the deployment's: the requests that a rule makes must be such as it takes in.
    `check` finds what else is wrong with one that can be read.
    """
    faults: list[Fault] = []
    proposals: list[Proposal] = []
    for i, document in enumerate(documents):
        try:
            name = _named(kind, document, limits, check)
        except InvalidRequest as error:
            at = document.get("name", i) if isinstance(document, dict) else i
            faults += [
                Fault(f"[{at}].{one.path}" if one.path else f"[{at}]", one.code, one.message)
                for one in error.faults
            ]
            continue
        if name in {one.definition.name for one in proposals}:
            faults.append(Fault(f"[{name}]", "twice", "stands twice in the file"))
        before = store.get_definition(kind, name)
        # A new rule has no incidents yet; a new silence may cover some.
        pending = kind is Kind.SILENCE or (kind is Kind.RULE and before is not None)
        fresh = Definition(kind, name, document, now, pending=pending)
        proposals.append(Proposal(fresh, before))
    if faults:
        raise InvalidRequest(faults)
    return proposals


def _named(
    kind: Kind,
    document: Any,
    limits: Limits,
    check: Callable[[Feed | Rule | Silence], list[Fault]],
) -> str:
    """Return the name of a definition that may be stored; raise InvalidRequest."""
    found = READERS[kind](document)
    # Asked when it is written alone: one that is stored already is read whatever limits are now.
    faults = request_faults(found, limits) if isinstance(found, Rule) else []
    faults += check(found)
    if faults:
        raise InvalidRequest(faults)
    return found.name


def apply(store: AlertStore, proposals: Sequence[Proposal]) -> int:
    """Store what proposals change, all or nothing; return how many. The same changes nothing.

    Raises Conflict if others changed one since.
    """
    changed = [one for one in proposals if one.changes]
    store.save_definitions(
        [(one.definition, one.before.version if one.before else None) for one in changed]
    )
    return len(changed)


def remove(store: AlertStore, kind: Kind, name: str, now: datetime) -> bool:
    """Remove a definition; return whether there was one."""
    known = store.get_definition(kind, name)
    if known is None or known.removed:
        return False
    gone = replace(known, removed=True, changed_at=now, pending=kind is not Kind.FEED)
    store.save_definition(gone, known.version)
    return True
