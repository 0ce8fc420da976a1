"""Why an alert led to nothing, or to less than it might: one vocabulary for store and commands."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Why something was not done; kept with the record, told by `s1ratio why`."""

    UNKNOWN_FEED = "unknown_feed"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    BROKEN_ITEM = "broken_item"
    BROKEN_ID = "broken_id"
    BROKEN_TIME = "broken_time"
    BROKEN_PLACE = "broken_place"
    NO_PLACE = "no_place"
    NO_RULE = "no_rule"
    STATUS = "status"
    FILTER = "filter"
    BROKEN_FILTER = "broken_filter"
    SEVERITY = "severity"
    TOO_OLD = "too_old"
    COUNTRY = "country"
    AREA = "area"
    CANCELLED = "cancelled"
    DOWNGRADED = "downgraded"
    SUPERSEDED = "superseded"
    OLDER_REVISION = "older_revision"
    SMALL_CHANGE = "small_change"
    TOO_FAR = "too_far"
    INHIBITED = "inhibited"
    SILENCED = "silenced"
    TOO_FEW = "too_few"
    HELD = "held"
    REFUSED = "refused"
    UNEXPECTED = "unexpected"


def count_alerts(number: int) -> str:
    """Return how many alerts, in words: `1 alert`, `2 alerts`."""
    return f"{number:,} alert{'' if number == 1 else 's'}"


WORDS: Mapping[Reason, str] = {
    Reason.UNKNOWN_FEED: "no feed reads it: it is read again when one is added, for 30 days",
    Reason.UNREADABLE: "its text is not what its feed reads",
    Reason.TOO_LARGE: "it is larger than what is read",
    Reason.BROKEN_ITEM: "an expression of the feed could not be evaluated on it",
    Reason.BROKEN_ID: "it has no id that can be kept",
    Reason.BROKEN_TIME: "it has no time, or none that can be read",
    Reason.BROKEN_PLACE: "its place can't be read",
    Reason.NO_PLACE: "it names no place",
    Reason.NO_RULE: "no rule takes alerts of its feed",
    Reason.STATUS: "it is a test, an exercise or an answer, not an alert",
    Reason.FILTER: "no rule's filter lets it pass",
    Reason.BROKEN_FILTER: "a rule's filter could not be evaluated on it",
    Reason.SEVERITY: "its severity is below the rule's gate",
    Reason.TOO_OLD: "it came longer after its time than the rule allows",
    Reason.COUNTRY: "its place is the middle of a country, not of what happened",
    Reason.AREA: "its area is larger than the rule allows",
    Reason.CANCELLED: "its source cancelled it",
    Reason.DOWNGRADED: "its source lowered it below the rule's gate",
    Reason.SUPERSEDED: "a later message of its source stands for it",
    Reason.OLDER_REVISION: "a later revision of it was there before",
    Reason.SMALL_CHANGE: "the area grew by less than what is requested anew",
    Reason.TOO_FAR: "an incident with one of its aliases is too far away to be the same",
    Reason.INHIBITED: "a mapped footprint of the same incident stands for its point",
    Reason.SILENCED: "a silence covers it",
    Reason.TOO_FEW: "its incident has fewer alerts than the rule's gate",
    Reason.REFUSED: "requests for its area would be refused: none is made",
    Reason.HELD: "a budget is used up: it waits by its severity",
    Reason.UNEXPECTED: "nobody had foreseen what went wrong with it",
}
