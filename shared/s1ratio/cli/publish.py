"""`s1ratio publish`: an area becomes a message, or one a feature, on the topic of requests."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

from s1ratio.cli.areas import Areas
from s1ratio.cli.arguments import add_history, add_json
from s1ratio.cli.deployment import print_none
from s1ratio.cli.faults import print_faults, print_missing, print_refusal
from s1ratio.cli.follow import add_waiting, follow
from s1ratio.cli.message_fields import add_fields, fields_of
from s1ratio.cli.target import add_profile, open_target, profile_of
from s1ratio.cli.terminal import print_error, print_json, print_line

if TYPE_CHECKING:
    from s1ratio.client import Client, InvalidRequest, Published
    from s1ratio.settings import Settings

_MAX_UNITED = 10_000
_NOWHERE = (
    "s1ratio: publish where to? set S1RATIO_PROJECT (and S1RATIO_DEPLOYMENT), or name --topic, or "
    "a --profile"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Publishes a request for an area to the deployment that S1RATIO_PROJECT and "
        "S1RATIO_DEPLOYMENT (dev) name. AOI is a file (GeoJSON; with the extra `files` GeoPackage, "
        "Shapefile, KML), WEST,SOUTH,EAST,NORTH, LON,LAT,KM, WKT, or - for standard input. "
        "What was published once is not published anew: its id follows from what it asks for."
    )
    parser.epilog = (
        "exit status: 0 published, 1 Pub/Sub did not take it, 2 bad input: nothing was published; "
        "with --wait 0 VERIFIED, 1 anything less, 2 refused, 3 its period is not over yet, 4 not "
        "ended in time"
    )
    parser.add_argument("aoi", metavar="AOI", help="the area")
    add_fields(parser)
    parser.add_argument("--layer", metavar="NAME", help="the layer of a file that has several")
    parser.add_argument("--each", action="store_true", help="one request a feature, not one of all")
    parser.add_argument(
        "--skip-invalid", action="store_true", help="with --each: publish the features that are not"
    )
    parser.add_argument(
        "--request-id",
        metavar="ID",
        help="by default it follows from the content; with --each ten of its digits are added",
    )
    parser.add_argument("--topic", metavar="T", help="to publish to, in full: projects/P/topics/T")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what it will become; nothing is called"
    )
    parser.add_argument("--wait", action="store_true", help="wait until it has ended: see `wait`")
    add_waiting(parser)
    add_profile(parser)
    add_history(parser)
    add_json(parser)
    parser.set_defaults(command=_publish, parser=parser)


def _publish(options: argparse.Namespace) -> int:
    from s1ratio.client import InvalidRequest

    _check(options)
    try:
        fields = fields_of(options)
        settings = _settings(options)
    except ValueError as error:
        return print_refusal(f"s1ratio: {error}", as_json=options.json)
    with closing(Areas(options.aoi, options.layer)) as areas, _client(options, settings) as client:
        try:
            if options.each:
                from s1ratio.cli.publish_each import publish_each

                return publish_each(options, client, areas, fields, settings)
            message = {"aoi": _united(areas), **fields}
            if options.request_id is not None:
                message["request_id"] = options.request_id
            return _publish_one(options, client, message, settings)
        except InvalidRequest as error:
            return refuse(options, error)
        except ModuleNotFoundError as error:
            if error.name != "pyogrio":
                raise
            return print_missing(
                error, f"reading {options.aoi}", "client,files", as_json=options.json
            )


def _check(options: argparse.Namespace) -> None:
    if options.skip_invalid and not options.each:
        options.parser.error("--skip-invalid goes with --each")
    if options.wait and (options.each or options.dry_run):
        options.parser.error("--wait goes with neither --each nor --dry-run")
    if options.history and not options.dry_run:
        options.parser.error("--history goes with --dry-run")


def refuse(options: argparse.Namespace, error: InvalidRequest) -> int:
    """Print why nothing is published: in one line, if it is one fault; return the exit status."""
    if len(error.faults) == 1:
        words = f"s1ratio: {error.faults[0]}"
        if error.faults[0].path.endswith("buffer_m"):
            words += ": here that is LON,LAT,KM, such as 15.1,48,5"
        return print_refusal(words, as_json=options.json)
    return print_faults(options.aoi[:200], error.faults, as_json=options.json)


def _settings(options: argparse.Namespace) -> Settings:
    """Return the settings of the profile that is meant, else those that the environment has."""
    from s1ratio.settings import read_settings

    defaults = {"S1RATIO_PROJECT": "local-project", "S1RATIO_BUCKET": "local-bucket"}
    profile = None if options.topic else profile_of(options)
    if profile is not None and profile.name and (profile.project or profile.requests_topic):
        named = {"S1RATIO_PROJECT": profile.project or "local-project"}
        if profile.requests_topic:
            options.topic = profile.requests_topic
        return read_settings({**defaults, **named, "S1RATIO_DEPLOYMENT": profile.deployment})
    if profile is not None and profile.name:
        raise ValueError("the profile has no project to publish to, nor a requests_topic")
    if not (options.dry_run or options.topic or os.environ.get("S1RATIO_PROJECT")):
        raise ValueError(_NOWHERE.removeprefix("s1ratio: "))
    return read_settings({**defaults, **os.environ})


def _client(options: argparse.Namespace, settings: Settings) -> Client:
    from datetime import UTC, datetime

    from s1ratio.client import Client, Rules

    limits = settings.limits(datetime.now(UTC).date())
    rules = Rules(limits, settings.plan_limits, settings.max_priority)
    return Client(topic=options.topic or settings.requests_topic, rules=rules)


def _united(areas: Areas) -> dict[str, Any]:
    """Return one `aoi` of all areas: as it is, if it is one."""
    from s1ratio.sources import unreadable

    found: list[dict[str, Any]] = []
    for feature in areas.read():
        if len(found) == _MAX_UNITED:
            words = f"over {_MAX_UNITED:,} features for one request: use --each, or unite them"
            raise unreadable(feature.where, words)
        found.append(feature.aoi)
    if len(found) == 1:
        return found[0]
    features = [{"type": "Feature", "properties": None, "geometry": each} for each in found]
    return {"type": "FeatureCollection", "features": features}


def _publish_one(
    options: argparse.Namespace, client: Client, message: dict[str, Any], settings: Settings
) -> int:
    if options.dry_run:
        return _show(options, client, message, settings)
    sent = client.publish(message)
    if options.wait:
        return _wait(options, client, sent)
    if options.json:
        print_json({"request_id": sent.request_id, "message_id": sent.message_id}, indent=None)
    else:
        print_line(f"request {sent.request_id} is published to {client.topic}")
    return 0


def _wait(options: argparse.Namespace, client: Client, sent: Published) -> int:
    """Wait for what was published, wherever it is told; return the exit status."""
    told = print_error if options.json else print_line
    if not options.quiet:
        told(f"request {sent.request_id} is published to {client.topic}")
    options.out = None
    with open_target(options) as target:
        if target is None:
            return print_none(None, as_json=options.json)
        return follow(options, target.service, sent.request_id, sent.message_id)


def _show(
    options: argparse.Namespace, client: Client, message: dict[str, Any], settings: Settings
) -> int:
    from s1ratio.cli.history import with_estimate
    from s1ratio.cli.validate import show_preview

    found = client.dry_run(message)
    if options.history:
        found = with_estimate(found, settings)
    if options.json:
        print_json(found.document())
    else:
        show_preview(found, history=options.history)
    return 0
