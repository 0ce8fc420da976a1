"""The only wiring: an environment becomes the services that the functions call.

Nothing is made and no environment is read before the first call; each SDK is imported where it
is needed, so that a function loads just its own.
"""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from s1ratio.adapters import logs
from s1ratio.adapters.at_first_call import made_at_first_call, never_made
from s1ratio.adapters.clock import SystemClock
from s1ratio.ports import Clock, EarthEngine, Publisher, Store
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.watch_context import WatchContext
from s1ratio.services.context import Context, PollContext
from s1ratio.services.outbox import Outbox, outbox_of_nobody
from s1ratio.services.regions.context import RegionContext
from s1ratio.settings import Settings, read_settings

# What a call to the bucket may take, seconds.
OBJECTS_DEADLINE_S = 20.0
MadeT = TypeVar("MadeT")  # a context: it has a store
_LOCK = threading.Lock()
_MADE: dict[Callable[..., Any], Any] = {}  # contexts, by what made them


@dataclass(frozen=True)
class StandIns:
    """What the embedded cloud has in the place of the machine's clock, and of Pub/Sub."""

    clock: Clock | None = None
    publisher: Publisher | None = None


_STAND_INS: list[StandIns] = []


def stand_in(stand_ins: StandIns) -> None:
    """Let contexts that are made from now on have these, until `forget` is called."""
    _STAND_INS.append(stand_ins)


def _standing_in() -> StandIns:
    return _STAND_INS[-1] if _STAND_INS else StandIns()


def launch_context() -> Context:
    """Return what launching needs, made of the process's environment at the first call."""
    return keep_first(make_context)


def poll_context() -> PollContext:
    """Return what polling needs, made of the process's environment at the first call."""
    return keep_first(make_poll_context)


def region_context() -> RegionContext:
    """Return what refreshing regions needs, made of the process's environment at the first call."""
    return keep_first(make_region_context)


def alert_context() -> AlertContext:
    """Return what alerts need, made of the process's environment at the first call."""
    return keep_first(make_alert_context)


def watch_context() -> WatchContext:
    """Return what watching needs, made of the process's environment at the first call."""
    return keep_first(make_watch_context)


def command_context() -> Context:
    """Return what applying commands needs, made of the environment at the first call."""
    return keep_first(make_applying_context)


def keep_first(make: Callable[[Mapping[str, str]], MadeT]) -> MadeT:
    """Return what `make` made of the environment at the first call; messages arrive together."""
    with _LOCK:
        if make not in _MADE:
            logs.configure(os.environ.get("S1RATIO_PROJECT"))
            _MADE[make] = make(os.environ)
        return cast(MadeT, _MADE[make])


def forget() -> None:
    """Drop the contexts, so that the next call reads the environment anew (for local runs)."""
    _STAND_INS.clear()
    while _MADE:
        _MADE.popitem()[1].store.close()


def make_context(environment: Mapping[str, str]) -> Context:
    """Return the context of an environment; raise InvalidSettings with every fault."""
    settings = read_settings(environment)
    return _publishing(_make_context(settings, make_earth_engine(settings)))


def make_command_context(environment: Mapping[str, str]) -> Context:
    """Return the context for who changes the store alone, which all commands do.

    Earth Engine's client is loaded by the first call, if there ever is one. What events it commits
    the poller publishes.
    """
    settings = read_settings(environment)
    return _make_context(settings, made_at_first_call(lambda: make_earth_engine(settings)))


def make_applying_context(environment: Mapping[str, str]) -> Context:
    """Return the context of who applies commands: nothing is asked of Earth Engine there."""
    return _publishing(_make_context(read_settings(environment), never_made()))


def make_earth_engine(settings: Settings) -> EarthEngine:
    """Return the Earth Engine that the settings name."""
    # Who only asks the store must not pay for `ee`.
    from s1ratio.adapters.earth_engine import EarthEngineClient  # noqa: PLC0415

    return EarthEngineClient(
        settings.project, settings.ee_url, settings.bucket, settings.post_deadline_s
    )


def make_region_context(environment: Mapping[str, str]) -> RegionContext:
    """Return the context of who refreshes regions; raise InvalidSettings with every fault."""
    base = _publishing(make_command_context(environment))
    inherited = {item.name: getattr(base, item.name) for item in fields(base)}
    publisher = _standing_in().publisher or make_publisher(base.settings)
    return RegionContext(**inherited, publisher=publisher)


def _publishing(context: Context) -> Context:
    from s1ratio.adapters.outboxes import make_outbox  # noqa: PLC0415 - who publishes only

    return replace(context, outbox=make_outbox(context.settings))


def make_publisher(settings: Settings) -> Publisher:
    """Return what publishes requests: to the deployment's topic, or by pushing them itself."""
    if settings.push_url is not None:
        from s1ratio.adapters.push import PushPublisher  # noqa: PLC0415 - on one machine only

        return PushPublisher(settings.push_url)
    from s1ratio.adapters.pubsub import PubSubPublisher  # noqa: PLC0415 - who publishes only

    return PubSubPublisher(settings.requests_topic)


def _make_context(settings: Settings, earth_engine: EarthEngine) -> Context:
    return Context(
        settings=settings,
        store=make_store(settings),
        earth_engine=earth_engine,
        clock=_standing_in().clock or SystemClock(),
        owner=_owner(),
        outbox=outbox_of_nobody(settings),
    )


def make_poll_context(environment: Mapping[str, str]) -> PollContext:
    """Return the poller's context of an environment; raise InvalidSettings with every fault."""
    # Only the poller reads files: launching must not pay for rasterio.
    from s1ratio.adapters.bucket.ports import open_bucket  # noqa: PLC0415

    base = make_context(environment)
    settings = base.settings
    inherited = {item.name: getattr(base, item.name) for item in fields(base)}
    ports = open_bucket(settings.project, settings.bucket, OBJECTS_DEADLINE_S)
    return PollContext(**inherited, **ports)


def make_alert_context(environment: Mapping[str, str]) -> AlertContext:
    """Return the context of who records, fetches and groups alerts; raise InvalidSettings."""
    settings = read_settings(environment)
    return _alert_context_of(settings, make_store(settings), outbox_of_nobody(settings))


def _alert_context_of(settings: Settings, store: Store, outbox: Outbox) -> AlertContext:
    from s1ratio.adapters.feeds import HttpFeeds  # noqa: PLC0415 - of alerts alone
    from s1ratio.adapters.payloads import make_payloads  # noqa: PLC0415

    return AlertContext(
        settings=settings,
        store=store,
        clock=_standing_in().clock or SystemClock(),
        owner=_owner(),
        payloads=make_payloads(settings, OBJECTS_DEADLINE_S),
        feeds=HttpFeeds(),
        keys=settings.keys,
        outbox=outbox,
    )


def make_watch_context(environment: Mapping[str, str]) -> WatchContext:
    """Return the context of who watches incidents; raise InvalidSettings with every fault."""
    base = _publishing(make_command_context(environment))
    inherited = {item.name: getattr(base, item.name) for item in fields(base)}
    return WatchContext(
        **inherited,
        alerts=_alert_context_of(base.settings, base.store, base.outbox),
        publisher=_standing_in().publisher or make_publisher(base.settings),
    )


def _owner() -> str:
    return f"{socket.gethostname()[:40]}-{uuid.uuid4().hex[:12]}"


@contextmanager
def open_store_to_read(settings: Settings) -> Iterator[Store]:
    """Open the store that the settings name for who changes nothing, until the context ends.

    One that lies where nothing may be written is read all the same.
    """
    kind, _, path = settings.store.partition(":")
    if kind == "sqlite":
        from s1ratio.adapters.store.read_only import open_to_read  # noqa: PLC0415 - embedded only

        with open_to_read(Path(path)) as store:
            yield store
        return
    with closing(make_store(settings)) as store:
        yield store


def make_store(settings: Settings) -> Store:
    """Return the store that the settings name."""
    kind, _, path = settings.store.partition(":")
    if kind == "sqlite":
        from s1ratio.adapters.store.sqlite import SqliteStore  # noqa: PLC0415 - embedded only

        return SqliteStore(Path(path))
    from s1ratio.adapters.store.firestore import open_store  # noqa: PLC0415 - deployed only

    return open_store(
        settings.project, settings.database, settings.deployment, settings.store_deadline_s
    )
