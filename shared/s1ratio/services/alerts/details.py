"""Details: of a list that is fetched, each entry that is new or changed is fetched by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from s1ratio.alerts.expressions import evaluate, evaluate_items
from s1ratio.alerts.feed import Detail, Feed, Fetch
from s1ratio.alerts.texts import decode_text, read_json
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.record import Recorded, keep, read
from s1ratio.services.alerts.urls import address_of

_MAX_KNOWN = 2_000


@dataclass
class Details:
    """What was recorded of which entries: their revisions by key, and whether that is all.

    `error` says what went wrong with the first that failed: the rest waits for the next time.
    """

    revisions: dict[str, str]
    recorded: list[Recorded] = field(default_factory=list)
    whole: bool = True
    error: str | None = None


def fetch_details(
    context: AlertContext, feed: Feed, fetch: Fetch, body: bytes, known: Mapping[str, str]
) -> Details:
    """Fetch and record the entries of a list that are not known in their revision.

    Of entries that left the list the revision is forgotten, so that what comes back is read again.
    """
    detail = fetch.detail
    if detail is None:
        raise ValueError(f"feed {feed.name} has no details")
    try:
        entries = _entries(detail, body)
    except ValueError as error:
        return Details(dict(known), error=f"its answer can't be read: {error}")
    done = Details({key: known[key] for key in entries if key in known})
    fetches = 0
    for key, revision in entries.items():
        if known.get(key) == revision:
            continue
        if fetches == detail.max_fetches:
            done.whole = False
            break
        fetches += 1
        trouble = _fetch_one(context, feed, fetch, key, done)
        if trouble is not None:
            done.error, done.whole = f"{key}: {trouble}", False
            break
        done.revisions[key] = revision
    return done


def _entries(detail: Detail, body: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    document = read_json(decode_text(body))
    for entry in evaluate_items(detail.entries, document)[:_MAX_KNOWN]:
        key, revision = evaluate(detail.key, entry), evaluate(detail.revision, entry)
        if isinstance(key, str) and key:
            found[key[:200]] = str(revision)[:200]
    if not found and not isinstance(document, dict):
        raise ValueError("no list of entries")
    return found


def _fetch_one(
    context: AlertContext, feed: Feed, fetch: Fetch, key: str, done: Details
) -> str | None:
    """Fetch and record one entry; return what went wrong, None if nothing did."""
    if fetch.detail is None:
        return None
    url, headers = address_of(fetch.detail.url, fetch, context, context.clock.now(), key)
    answer = context.feeds.fetch(url, headers, fetch.deadline_s, fetch.max_bytes)
    if answer.error is not None:
        return answer.error
    attributes = {"feed": feed.name}
    reading = read(answer.body, attributes, [feed])
    if reading.reason is not None:
        return f"its answer can't be read: {reading.words}"
    done.recorded.append(keep(context, answer.body, attributes, reading))
    return None
