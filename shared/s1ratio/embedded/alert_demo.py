"""The demo of alerts: a recorded flood of an invented feed, followed on this machine.

From August to October 2026 in simulated time, by the deployed functions alone: the flood is
recorded, becomes an incident, gets a watch for each track of the simulated fleet, and of each pass
that is listed the pair before and after is computed by the local Earth Engine.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import Watch, WatchState
from s1ratio.cli.terminal import Parser, print_line
from s1ratio.embedded.cloud import BUCKET, EmbeddedCloud, embedded_cloud
from s1ratio.embedded.run import add_pictures
from s1ratio.embedded.shifted_clock import ShiftedClock
from s1ratio.request import read_message
from s1ratio.request.checks import NO_LIMITS
from s1ratio.services.alerts.definitions import apply, propose
from s1ratio.services.alerts.why import explain
from s1ratio.summary import summarize

EXAMPLES = Path(__file__).with_name("examples") / "alerts"
BEGIN = datetime(2026, 8, 1, 6, tzinfo=UTC)
ALERT_AT = datetime(2026, 9, 10, 6, tzinfo=UTC)
END = datetime(2026, 10, 31, 6, tzinfo=UTC)
_PAUSE_S = 0.1
_LONGEST_S = 600.0  # that what one tick has begun may take on this machine


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; return 0 if each watch delivered its pair, else 1."""
    parser = Parser(description="a flood, followed until its pairs are delivered")
    parser.add_argument("--out", type=Path, default=Path("out"), help="the folder of the results")
    wish = parser.parse_args(arguments)
    with embedded_cloud(wish.out, None, clock := ShiftedClock(BEGIN)) as cloud:
        watches = run(cloud, clock, _say)
        for picture in draw(cloud, watches, wish.out):
            _say(clock.now(), f"picture {picture}")
        _say(clock.now(), f"what was exported is below {wish.out / BUCKET}")
    found = [one for one in watches if one.seen_at is not None]
    return 0 if found and all(one.state is WatchState.DELIVERED for one in found) else 1


def run(
    cloud: EmbeddedCloud, clock: ShiftedClock, say: Callable[[datetime, str], None]
) -> list[Watch]:
    """Let three months pass; return the watches as they ended. `say` takes a time and words."""
    define(cloud, BEGIN)
    for at in times():
        clock.go_to(at)
        if at == ALERT_AT:
            say(at, "a flood is told, and recorded")
            cloud.publish_alert(_text("flood.json").encode(), {"feed": "river-watch"})
        counts = cloud.watch()["watches"]
        moved = {name: counts[name] for name in ("opened", "requested", "missed") if counts[name]}
        if moved:
            told = ", ".join(f"{count} {name}" for name, count in moved.items())
            say(at, f"watches: {told}")
        if counts["requested"]:
            settle(cloud)
    incidents = cloud.store.find_incidents(1)
    for link in explain(cloud.store, incidents[0].id) if incidents else []:
        say(link.at, f"{link.what}: {link.state}{f' ({link.words})' if link.words else ''}")
    return list(cloud.store.find_watches_of(incidents[0].id, 350)) if incidents else []


def draw(cloud: EmbeddedCloud, watches: Iterable[Watch], out: Path) -> list[Path]:
    """Draw each composite that the watches' requests left; return the pictures, by their names."""
    drawn = []
    names = {name for one in watches for name in (one.baseline, *(r.id for r in one.requests))}
    for record in cloud.store.get_requests(filter(None, names)).values():
        tasks = list(cloud.store.find_tasks_of(record.id))
        summary = summarize(record, tasks, BUCKET, synthetic=True)
        request = read_message(record.message.encode(), NO_LIMITS).request
        add_pictures(summary, {task.id: task.plan for task in tasks}, request, out)
        drawn += [out / name for name in summary["quicklooks"]]
    return sorted(drawn)


def define(cloud: EmbeddedCloud, at: datetime) -> None:
    """Store the invented feed and its rule."""
    for kind, name in ((Kind.FEED, "feed.json"), (Kind.RULE, "rule.json")):
        apply(cloud.store, propose(cloud.store, kind, [json.loads(_text(name))], at))


def times() -> Iterator[datetime]:
    """Yield when the functions are called: every six hours while something happens, else daily."""
    at = BEGIN
    while at <= END:
        yield at
        if at == ALERT_AT:
            yield at + timedelta(minutes=11)  # the group has been waited for
        near = ALERT_AT <= at < ALERT_AT + timedelta(days=16)
        at += timedelta(hours=6) if near else timedelta(days=1)


def settle(cloud: EmbeddedCloud) -> None:
    """Poll until nothing is under way on this machine."""
    end = time.monotonic() + _LONGEST_S
    while cloud.store.find_open_requests(1) and time.monotonic() < end:
        cloud.tick()
        time.sleep(_PAUSE_S)


def _text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def _say(at: datetime, words: str) -> None:
    print_line(f"{at:%Y-%m-%d %H:%M}  {words}")


if __name__ == "__main__":
    raise SystemExit(main())
