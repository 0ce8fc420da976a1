"""Fetch: feeds that nobody pushes are asked when they are due, politely, and what came is recorded.

A feed's trouble is its own. What is fetched goes the way of what is pushed; an answer that can't
be read is no alert and is not kept, but told, and asked for again, later each time.
"""

import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.alerts.feed import Feed, Fetch
from s1ratio.alerts.log_events import FEED_FETCHED
from s1ratio.alerts.records import FetchRecord
from s1ratio.errors import Conflict
from s1ratio.logevents import TICK_SKIPPED, TROUBLE, tell
from s1ratio.ports import Answer
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import load_feeds
from s1ratio.services.alerts.details import Details, fetch_details
from s1ratio.services.alerts.isolate import EVERYBODYS
from s1ratio.services.alerts.record import Recorded, keep, read
from s1ratio.services.alerts.tick import lease
from s1ratio.services.alerts.urls import address_of

_LOG = logging.getLogger(__name__)
LEASE = "feeds"
_MAX_PAUSE = timedelta(hours=6)


@dataclass
class FetchReport:
    """A tick in numbers: feeds that were asked, unchanged ones, troubles; alerts that are new."""

    skipped: bool = False
    asked: int = 0
    unchanged: int = 0
    new: int = 0
    revised: int = 0
    troubles: int = 0

    def json(self) -> dict[str, int | bool]:
        """Return the counts."""
        return dict(vars(self))


def fetch_feeds(context: AlertContext) -> FetchReport:
    """Ask the feeds that are due; only a store that can't be reached raises."""
    since = context.clock.now()
    report = FetchReport()
    with lease(context, LEASE, since) as is_ours:
        if not is_ours:
            tell(_LOG, TICK_SKIPPED)
            return FetchReport(skipped=True)
        until = since + timedelta(seconds=context.settings.tick_budget_s)
        fetched = [(feed, feed.fetch) for feed in load_feeds(context.store) if feed.fetch]
        known = context.store.get_fetches([feed.name for feed, _ in fetched])
        for feed, fetch in fetched:
            now = context.clock.now()
            if now >= until:
                break
            record = known.get(feed.name) or FetchRecord(feed.name, now)
            if record.due_at <= now:
                record = _fetch_one(context, feed, fetch, record, report)
            _tell(feed, fetch, record, context.clock.now())
    return report


def _fetch_one(
    context: AlertContext, feed: Feed, fetch: Fetch, record: FetchRecord, report: FetchReport
) -> FetchRecord:
    report.asked += 1
    try:
        after = _asked(context, feed, fetch, record, report)
    except EVERYBODYS:
        raise
    except Exception as error:
        after = _failed(
            record, fetch, f"{type(error).__name__}: {error}", None, context.clock.now()
        )
    if after.error is not None:
        report.troubles += 1
        tell(_LOG, TROUBLE, what=f"feed {feed.name}: {after.error}")
    with suppress(Conflict):  # another tick asked it, too: what it stored is as good
        return context.store.save_fetch(after, record.version)
    return after


def _asked(
    context: AlertContext, feed: Feed, fetch: Fetch, record: FetchRecord, report: FetchReport
) -> FetchRecord:
    """Return how far a feed is fetched after it was asked; what came is recorded by then."""
    since = record.since or context.clock.now() - timedelta(days=fetch.since_days)
    url, headers = address_of(fetch.url, fetch, context, since)
    headers |= {"If-None-Match": record.etag} if record.etag else {}
    headers |= {"If-Modified-Since": record.modified} if record.modified else {}
    answer = context.feeds.fetch(url, headers, fetch.deadline_s, fetch.max_bytes)
    now = context.clock.now()
    if answer.error is not None:
        return _failed(record, fetch, answer.error, answer.wait_s, now)
    if answer.status == 304 or _digest(answer) == record.digest:
        report.unchanged += 1
        return _succeeded(record, fetch, record, now, quiet=False)
    if words := _why_unreadable(fetch, answer):
        return _failed(record, fetch, words, None, now)
    return _taken_in(context, feed, fetch, record, answer, report=report)


def _taken_in(
    context: AlertContext,
    feed: Feed,
    fetch: Fetch,
    record: FetchRecord,
    answer: Answer,
    *,
    report: FetchReport,
) -> FetchRecord:
    """Record what an answer holds, with the details that it asks for."""
    details: Details | None = None
    if fetch.detail is not None:
        details = fetch_details(context, feed, fetch, answer.body, record.details)
        recorded, error = details.recorded, details.error
    else:
        recorded, error = _record(context, feed, answer)
    for one in recorded:
        report.new += one.new
        report.revised += one.revised
    now = context.clock.now()
    if details is not None:
        record = replace(record, details=details.revisions)
    if error is not None:
        return _failed(record, fetch, error, None, now)
    # Of a list with details that there was no time for nothing is known: it is read again.
    whole = details is None or details.whole
    changed = replace(
        record,
        digest=_digest(answer) if whole else None,
        etag=answer.etag if whole else None,
        modified=answer.modified if whole else None,
        since=now - timedelta(days=fetch.since_days),
    )
    return _succeeded(record, fetch, changed, now, quiet=any(one.changed for one in recorded))


def _digest(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _record(context: AlertContext, feed: Feed, answer: Answer) -> tuple[list[Recorded], str | None]:
    attributes = {"feed": feed.name}
    reading = read(answer.body, attributes, [feed])
    if reading.reason is not None:
        return [], f"its answer can't be read: {reading.words}"
    return [keep(context, answer.body, attributes, reading)], None


def _why_unreadable(fetch: Fetch, answer: Answer) -> str | None:
    """Return what is wrong with an answer that is none by its beginning, None if nothing is."""
    start = answer.body[:200].decode("utf-8", "replace")
    if fetch.starts_with is None or start.startswith(fetch.starts_with):
        return None
    return f"HTTP 200, but what it says is {' '.join(start.split())!r}"


def _succeeded(
    record: FetchRecord, fetch: Fetch, changed: FetchRecord, now: datetime, quiet: bool
) -> FetchRecord:
    minutes = max(fetch.every_min, fetch.quiet_min if quiet else 0)
    done = replace(changed, version=record.version, tried_at=now, succeeded_at=now)
    return replace(done, tries=0, error=None, due_at=now + timedelta(minutes=minutes))


def _failed(
    record: FetchRecord, fetch: Fetch, words: str, wait_s: float | None, now: datetime
) -> FetchRecord:
    """Return a feed that is asked again later each time, and no sooner than it asks for."""
    tries = record.tries + 1
    pause = min(timedelta(minutes=fetch.every_min) * 2 ** min(tries - 1, 10), _MAX_PAUSE)
    pause = max(pause, timedelta(seconds=wait_s or 0))
    return replace(record, tries=tries, tried_at=now, error=words[:500], due_at=now + pause)


def _tell(feed: Feed, fetch: Fetch, record: FetchRecord, now: datetime) -> None:
    """Log how long a feed has been silent: an alert policy reads it."""
    last = record.succeeded_at or now
    silent = (now - last).total_seconds() if record.error else 0.0
    fate = record.error or ("fetched" if record.tried_at else "not due yet")
    overdue = silent / (fetch.silent_after_h * 3_600)
    tell(_LOG, FEED_FETCHED, feed=feed.name, fate=fate, silent_s=silent, overdue=overdue)
