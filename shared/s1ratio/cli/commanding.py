"""`cancel` and `retry` without a right on the store: by the service, or the topic of commands."""

from __future__ import annotations

import argparse
import getpass
from typing import TYPE_CHECKING

from s1ratio.cli.deployment import print_none
from s1ratio.cli.faults import print_refusal
from s1ratio.cli.target import open_target
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from s1ratio.client import Client, Commanded
    from s1ratio.client.profiles import Profile

_ONLY_OF_A_STORE = "works on a store, for which it takes rights: name a request, or --task"


def who() -> str:
    """Return who is at the keyboard, as far as the system tells."""
    try:
        return getpass.getuser()[:63]
    except (OSError, KeyError, ImportError):
        return ""


def command_over_https(
    options: argparse.Namespace, profile: Profile, name: str, reason: str = ""
) -> int:
    """Have a request or tasks cancelled or retried; return the exit status.

    What comes of it is the deployment's to tell: it is published, and done a little later.
    """
    for option in ("state", "error", "dry_run"):
        if getattr(options, option):
            words = f"--{option.replace('_', '-')} {_ONLY_OF_A_STORE}"
            return print_refusal(f"s1ratio: {words}", as_json=options.json)
    if options.request_id is None and not options.task:
        options.parser.error("name a request, or select by --task")
    if name == "cancel" and not options.task:
        return _dismiss(options, reason)
    return _send(options, profile, name, lambda client: _publish(client, options, name, reason))


def command_region(
    options: argparse.Namespace, profile: Profile, command: Callable[[Client], Commanded]
) -> int:
    """Have something done to a region; return the exit status."""
    return _send(options, profile, options.command_name, lambda client: [command(client)])


def _send(
    options: argparse.Namespace,
    profile: Profile,
    name: str,
    publish: Callable[[Client], list[Commanded]],
) -> int:
    if not _has_topic(profile):
        words = f"{name} goes by the topic of commands: use a profile that has a project"
        return print_refusal(f"s1ratio: {words}", as_json=options.json)
    from contextlib import closing

    from s1ratio.client import Client

    with closing(Client(profile=profile)) as client:
        sent = publish(client)
    _tell(options, name, [one.command_id for one in sent])
    return 0


def _has_topic(profile: Profile) -> bool:
    return bool(profile.commands_topic or profile.project)


def _publish(
    client: Client, options: argparse.Namespace, name: str, reason: str
) -> list[Commanded]:
    do = client.cancel if name == "cancel" else client.retry
    if not options.task:
        return [do(options.request_id, by=who(), reason=reason)]
    return [do(task=task, by=who(), reason=reason) for task in options.task]


def _dismiss(options: argparse.Namespace, reason: str) -> int:
    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        query = [("reason", reason)] if reason else []
        job = target.service.ask("jobs", options.request_id, query=query, method="DELETE").body
    if options.json:
        told = {"request_id": options.request_id, "state": job["state"]}
        print_json({**told, "cancelling": job["cancelling"], "commands": _commands(job)})
    elif job["state"] == "CANCELLED":
        print_line(f"{options.request_id}: CANCELLED")
    else:
        sent = "".join(f" by command {one}" for one in _commands(job))
        print_line(f"{options.request_id}: {job['state']}, to be cancelled{sent}")
    return 0


def _commands(job: dict[str, object]) -> list[str]:
    return [str(job["command"])] if job.get("command") else []


def _tell(options: argparse.Namespace, name: str, commands: list[str]) -> None:
    if options.json:
        print_json({"command": name, "commands": commands})
        return
    for one in commands:
        print_line(f"{name} is published as command {one}, and done when it is read")
