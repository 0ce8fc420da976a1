"""What a deployment sets, read from the environment once, every fault of it in one error.

All variables begin with `S1RATIO_`. The emulators' own (`FIRESTORE_EMULATOR_HOST`,
`PUBSUB_EMULATOR_HOST`, `STORAGE_EMULATOR_HOST`) are read by Google's clients themselves.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from s1ratio.errors import InvalidSettings
from s1ratio.faults import Fault
from s1ratio.plan import PlanLimits
from s1ratio.request import Limits

PREFIX = "S1RATIO_"
_OF_TESTS = ("S1RATIO_TEST_", "S1RATIO_REQUIRE_ALL")
# They say whom the command and the client work with: see `s1ratio.client.profiles`.
_OF_THE_COMMAND = frozenset(
    PREFIX + name for name in ("PROFILE", "URL", "TOKEN", "AUDIENCE", "IMPERSONATE")
)


@dataclass(frozen=True)
class Settings:
    """One deployment. Each field is the variable `S1RATIO_` + its name in capitals.

    Seconds end in `_s`. `ee_url` None means the real Earth Engine, with application default
    credentials; any other server is talked to anonymously. `push_url` None means that regions'
    requests are published to Pub/Sub; else they are pushed there. `events_topic` is the full name
    of the topic that events are published to; without one they stay in the store. `commands_topic`
    is where commands are published to, in full; empty: nowhere from here. `store` is `firestore` or
    `sqlite:PATH`. `max_request_values` are the pixels × bands of a request's exports,
    `max_request_bytes` their bytes before compression. `max_tasks_day` is how many tasks may be
    started in one UTC day, each counted once; `max_priority` the highest that a message is given;
    `max_request_eecu_s` the EECU-seconds that a request's exports may spend; `retention_days` how
    long ended records are kept; `quota_reset_hour` the hour (UTC) at which Earth Engine's daily
    quotas begin anew. `feed_hosts` are those that alerts may be fetched from, and `feed_keys` the
    secrets for that, `NAME=KEY` each: they stand in no log and no error. `synthetic` says that the
    scenes of that Earth Engine are invented; the real one's never are.
    """

    project: str
    bucket: str
    deployment: str = "dev"
    database: str = "(default)"
    ee_url: str | None = None
    push_url: str | None = None
    events_topic: str = ""
    store: str = "firestore"
    max_area_km2: float = 250_000
    max_period_days: int = 3_660
    max_tasks: int = 200
    max_task_pixels: int = 10_000_000_000
    max_request_values: int = 200_000_000_000
    max_request_bytes: int = 1_500_000_000_000
    max_priority: int = 100
    max_active: int = 2_700
    max_tasks_day: int = 10_000
    max_request_eecu_s: float = 1_800_000
    retention_days: int = 90
    quota_reset_hour: int = 8
    queue_pause_s: float = 300
    launch_budget_s: float = 120
    start_lease_s: float = 180
    list_grace_s: float = 300
    lost_grace_s: float = 900
    post_deadline_s: float = 60
    tick_budget_s: float = 240
    store_deadline_s: float = 10
    allow_drive: bool = False
    synthetic: bool = False
    commands_topic: str = ""
    feed_hosts: str = (
        "firms.modaps.eosdis.nasa.gov,www.gdacs.org,earthquake.usgs.gov,"
        "rapidmapping.emergency.copernicus.eu,eonet.gsfc.nasa.gov,data-api.globalforestwatch.org,"
        "api.weather.gov"
    )
    feed_keys: str = field(default="", repr=False)

    def limits(self, today: date) -> Limits:
        """Return the limits on one message that is read on a day (UTC)."""
        return Limits(self.max_area_km2, self.max_period_days, self.allow_drive, today=today)

    @property
    def plan_limits(self) -> PlanLimits:
        """The limits on one plan."""
        return PlanLimits(
            self.max_tasks, self.max_task_pixels, self.max_request_values, self.max_request_bytes
        )

    @property
    def keys(self) -> dict[str, str]:
        """The secrets that feeds are fetched with, by name."""
        return dict(pair.split("=", 1) for pair in self.feed_keys.split())

    @property
    def requests_topic(self) -> str:
        """The full name of the topic that requests are published to."""
        return f"projects/{self.project}/topics/s1r-{self.deployment}-requests"

    @property
    def dead_letters(self) -> str:
        """The full name of the subscription that keeps requests which could not be delivered."""
        return f"projects/{self.project}/subscriptions/s1r-{self.deployment}-requests-dead"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings in an environment; raise InvalidSettings with every fault."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for item in fields(Settings):
        name = PREFIX + item.name.upper()
        text = environment.get(name, "").strip()
        if not text:
            continue
        try:
            values[item.name] = _READERS[item.name](text)
        except ValueError as error:
            told = "" if item.name == "feed_keys" else f"{text!r} "
            faults.append(Fault(name, "setting", f"{told}{error}"))
    faults += [
        Fault(PREFIX + name.upper(), "setting", "is required")
        for name in ("project", "bucket")
        if not environment.get(PREFIX + name.upper(), "").strip()
    ]
    faults += _unknown(environment)
    faults += _relations(values)
    if faults:
        raise InvalidSettings(faults)
    return Settings(**values)


def _unknown(environment: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each of our variables that is none: it would do nothing, in silence."""
    known = {item.name.upper() for item in fields(Settings)}
    faults = []
    for name in sorted(environment):
        word = name.removeprefix(PREFIX)
        if word == name or word in known or name in _OF_THE_COMMAND or name.startswith(_OF_TESTS):
            continue
        close = difflib.get_close_matches(word, sorted(known), n=1)
        hint = f": did you mean {PREFIX}{close[0]}?" if close else ""
        faults.append(Fault(name, "setting", f"is no setting{hint}"))
    return faults


def _relations(values: Mapping[str, Any]) -> list[Fault]:
    """Return what single values don't show: a lease must outlive the POST that it covers."""
    lease = values.get("start_lease_s", Settings.start_lease_s)
    deadline = values.get("post_deadline_s", Settings.post_deadline_s)
    if lease > deadline:
        return []
    words = f"{lease:g} s must be longer than S1RATIO_POST_DEADLINE_S ({deadline:g} s)"
    return [Fault("S1RATIO_START_LEASE_S", "setting", words)]


def _matching(pattern: str, words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        """Return the text; raise ValueError if it does not match."""
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {words}")
        return text

    return read


def _number(low: float, high: float, whole: bool = True) -> Callable[[str], float]:
    def read(text: str) -> float:
        """Return the number; raise ValueError if it is none, or beyond the bounds."""
        words = f"must be a {'whole ' if whole else ''}number from {low:g} to {high:g}"
        try:
            value = float(text)
        except ValueError:
            raise ValueError(words) from None
        if not low <= value <= high or (whole and not value.is_integer()):
            raise ValueError(words)
        return int(value) if whole else value

    return read


def _seconds(low: float, high: float) -> Callable[[str], float]:
    return _number(low, high, whole=False)


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("must be 0 or 1")
    return text == "1"


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", text):
        raise ValueError("must be http(s)://HOST[:PORT], without a path or a closing slash")
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "project": _matching(r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{3,28}[a-z0-9]", "a project id"),
    "bucket": _matching(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", "a bucket's name"),
    "deployment": _matching(r"[a-z0-9]{1,12}", "1 to 12 letters a-z or digits"),
    "database": _matching(r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]", "a Firestore database id"),
    "ee_url": _url,
    "push_url": _url,
    "events_topic": _matching(
        r"projects/[^/\s]+/topics/[A-Za-z][\w.~+%-]{2,254}", "projects/PROJECT/topics/TOPIC"
    ),
    "store": _matching(r"firestore|sqlite:.+", "`firestore` or `sqlite:PATH`"),
    "max_area_km2": _number(0.0001, 600_000_000, whole=False),
    "max_period_days": _number(1, 36_500),
    "max_tasks": _number(1, 100_000),
    "max_task_pixels": _number(65_536, 1e13),
    "max_request_values": _number(1, 1e15),
    "max_request_bytes": _number(1, 1e16),
    "max_priority": _number(0, 9_999),
    "max_active": _number(1, 100_000),
    "max_tasks_day": _number(1, 10_000_000),
    "max_request_eecu_s": _number(1, 1e12, whole=False),
    "retention_days": _number(1, 36_500),
    "quota_reset_hour": _number(0, 23),
    "queue_pause_s": _seconds(0.1, 86_400),
    "launch_budget_s": _seconds(0, 3_600),
    "start_lease_s": _seconds(0.1, 86_400),
    "list_grace_s": _seconds(0, 86_400),
    "lost_grace_s": _seconds(0, 864_000),
    "post_deadline_s": _seconds(0.1, 600),
    "tick_budget_s": _seconds(0.1, 3_600),
    "store_deadline_s": _seconds(0.1, 60),
    "allow_drive": _flag,
    "synthetic": _flag,
    "commands_topic": _matching(
        r"projects/([a-z0-9.-]+:)?[a-z][a-z0-9-]{3,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254}",
        "projects/P/topics/T",
    ),
    "feed_hosts": _matching(r"[a-z0-9.:-]+(,[a-z0-9.:-]+)*", "hosts with commas between them"),
    "feed_keys": _matching(r"([a-z0-9-]+=\S+)( [a-z0-9-]+=\S+)*", "NAME=KEY, spaces between"),
}
