"""Rechecks: whether scenes of a composite's period came late, and the revision made of that. Pure.

3, 10 and 30 days after a composite its scenes are listed again. Another set than it had when it
was asked for makes a revision, which is followed in the same way.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.records import RequestRecord, RequestState
from s1ratio.regions.decision import CONFIRM_AFTER
from s1ratio.regions.messages import digest_of_payload, revised_payload
from s1ratio.regions.names import MAX_REVISION, revision_id_of
from s1ratio.regions.records import RefreshRecord
from s1ratio.regions.states import Cause, RefreshState, Why

RECHECKS = (timedelta(days=3), timedelta(days=10), timedelta(days=30))
KEPT = timedelta(days=400)
_OFTEN, _SELDOM, _FIRST_DAY = timedelta(minutes=30), timedelta(hours=3), timedelta(days=1)
_COMPOSED = frozenset(
    {RequestState.VERIFIED, RequestState.SUCCEEDED, RequestState.EMPTY, RequestState.PARTIAL}
)
_RETRIED = 12  # publications of one request, the last after some days


@dataclass(frozen=True)
class Listed:
    """The scenes of a period over an area: their digest and number; `whole`: all of them."""

    digest: str
    count: int
    whole: bool = True


def followed(refresh: RefreshRecord, request: RequestRecord, now: datetime) -> RefreshRecord:
    """Return a refresh by what its request, which was taken in, has come to."""
    told = replace(
        refresh, request_state=request.state.value, eecu_seconds=request.eecu_seconds, tries=0
    )
    if not request.state.terminal:
        young = now - refresh.made_at < _FIRST_DAY
        return replace(told, state=RefreshState.OPEN, due_at=now + (_OFTEN if young else _SELDOM))
    at = request.ended_at or now
    done = replace(told, state=RefreshState.ENDED, ended_at=at, expire_at=at + KEPT, due_at=None)
    if request.state is RequestState.REJECTED:
        return replace(done, state=RefreshState.REJECTED)
    return timed(done) if request.state in _COMPOSED else done


def timed(refresh: RefreshRecord) -> RefreshRecord:
    """Return an ended refresh with the time of its next recheck, None after the last."""
    if refresh.ended_at is None or refresh.superseded_by or refresh.rechecked >= len(RECHECKS):
        return replace(refresh, due_at=None)
    return replace(refresh, due_at=refresh.ended_at + RECHECKS[refresh.rechecked])


def not_taken_in(refresh: RefreshRecord, now: datetime) -> RefreshRecord:
    """Return a refresh whose message is to be published once more: nobody has taken it in yet."""
    tries = refresh.tries + 1
    later = CONFIRM_AFTER * (1 << min(tries, 7))
    if tries > _RETRIED:
        return replace(
            refresh,
            state=RefreshState.REJECTED,
            tries=tries,
            due_at=None,
            ended_at=now,
            expire_at=now + KEPT,
        )
    return replace(refresh, tries=tries, due_at=now + later)


def refused(refresh: RefreshRecord, now: datetime) -> RefreshRecord:
    """Return a refresh whose message was rejected."""
    return replace(
        refresh,
        state=RefreshState.REJECTED,
        request_state=RequestState.REJECTED.value,
        ended_at=now,
        due_at=None,
        expire_at=now + KEPT,
    )


def with_baseline(refresh: RefreshRecord, listed: Listed | None) -> RefreshRecord:
    """Return a new refresh with the scenes that its period has now, as far as they are known."""
    if listed is None or not listed.whole:
        return refresh
    return replace(refresh, scenes=listed.digest, scene_count=listed.count)


@dataclass(frozen=True)
class Rechecked:
    """A refresh after a recheck; its `revision` where it is stale; `why` where it has none."""

    refresh: RefreshRecord
    revision: RefreshRecord | None = None
    payload: bytes | None = None
    why: Why | None = None


def rechecked(
    refresh: RefreshRecord, message: str | None, listed: Listed, active: bool, now: datetime
) -> Rechecked:
    """Return what a list of a composite's scenes comes to.

    `message` is that of its request, None if that is gone. `active`: its region still makes
    requests.
    """
    counted = timed(replace(refresh, rechecked=_due_by(refresh, now), tries=0))
    if not listed.whole:
        return Rechecked(replace(counted, due_at=None), why=Why.TOO_MANY_SCENES)
    if refresh.scenes is None:
        return Rechecked(with_baseline(counted, listed), why=Why.TOO_LATE)
    if refresh.scenes == listed.digest:
        return Rechecked(counted)
    stale = replace(counted, stale_since=refresh.stale_since or now)
    if not active or message is None:
        return Rechecked(replace(stale, due_at=None), why=Why.NOT_ACTIVE)
    if refresh.revision >= MAX_REVISION:
        return Rechecked(replace(stale, due_at=None), why=Why.LAST_REVISION)
    revision, payload = _revision(refresh, message, listed, now)
    done = replace(stale, superseded_by=revision.id, due_at=None)
    return Rechecked(done, revision, payload)


def _due_by(refresh: RefreshRecord, now: datetime) -> int:
    """Return how many rechecks are behind us: those that were missed are one with this."""
    ended = refresh.ended_at or now
    return max(refresh.rechecked + 1, sum(ended + after <= now for after in RECHECKS))


def _revision(
    refresh: RefreshRecord, message: str, listed: Listed, now: datetime
) -> tuple[RefreshRecord, bytes]:
    number = refresh.revision + 1
    first = refresh.id.removesuffix(f"-r{refresh.revision}")
    name = revision_id_of(first, number)
    payload = revised_payload(message, name)
    revision = RefreshRecord(
        id=name,
        region_id=refresh.region_id,
        cause=Cause.REVISION,
        start=refresh.start,
        end=refresh.end,
        made_at=now,
        payload_digest=digest_of_payload(payload),
        priority=refresh.priority,
        pass_name=refresh.pass_name,
        revision=number,
        supersedes=refresh.id,
        scenes=listed.digest,
        scene_count=listed.count,
        due_at=now + CONFIRM_AFTER,
    )
    return revision, payload
