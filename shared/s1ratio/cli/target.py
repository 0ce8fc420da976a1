"""Whom a command works with: a run's folder, a deployment's store, or a service over HTTPS.

`--out`, `--url` or `--profile` that was typed is meant, whatever the environment says. After these
S1RATIO_PROFILE counts, S1RATIO_URL, S1RATIO_PROJECT (its store), the default of the file of
profiles, and the folder `out`, in this order; none is mixed with another.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from s1ratio.cli.deployment import environment_of, is_deployed
from s1ratio.cli.waiting import tell_doing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from s1ratio.client.downloading import Downloader
    from s1ratio.client.profiles import Profile
    from s1ratio.ports.service import Service


@dataclass(frozen=True)
class Target:
    """Who tells what became of requests, who fetches files; the profile, None of a store."""

    service: Service
    downloader: Downloader
    profile: Profile | None = None


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add --out, --url and --profile, of which one may be given."""
    group = parser.add_mutually_exclusive_group()
    told = "folder of a local run; absent: whatever the environment or the profiles say, else out"
    group.add_argument("--out", type=Path, metavar="DIR", help=told)
    group.add_argument("--url", metavar="URL", help="where a deployment is read over HTTPS")
    add_profile(group)


def add_profile(parser: argparse._ActionsContainer) -> None:
    """Add --profile."""
    told = "a deployment by its name in the file of profiles: see `s1ratio profiles`"
    parser.add_argument("--profile", metavar="NAME", help=told)


def profile_of(options: argparse.Namespace) -> Profile | None:
    """Return the profile that is meant, None where a store is."""
    from s1ratio.client.profiles import choose_profile

    if getattr(options, "out", None) is not None:
        return None
    return choose_profile(getattr(options, "url", None), options.profile, os.environ)


def web_profile_of(options: argparse.Namespace) -> Profile | None:
    """Return the profile that is to be asked over HTTPS, None where a store is meant."""
    from s1ratio.errors import InvalidSettings
    from s1ratio.faults import Fault

    profile = profile_of(options)
    if profile is not None and profile.url is None:
        words = f"profile {profile.name} has no url at which its deployment is read"
        raise InvalidSettings([Fault(f"profiles.{profile.name}.url", "profile", words)])
    return profile


@contextmanager
def open_target(options: argparse.Namespace) -> Iterator[Target | None]:
    """Open whom a command works with, None if there is nobody, until the context ends."""
    from s1ratio.client.connecting import connect, make_downloader

    profile = web_profile_of(options)
    if profile is not None:
        tell_doing(f"asking {profile.url}")
        service, downloader = connect(profile)
        with closing(service), closing(downloader):
            yield Target(service, downloader, profile)
        return
    environment = environment_of(options.out)
    if environment is None:
        yield None
        return
    with _open_store(options.out, environment) as own, closing(make_downloader()) as downloader:
        yield Target(own, downloader)


@contextmanager
def _open_store(out: Path | None, environment: Mapping[str, str]) -> Iterator[Service]:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.bootstrap_reading import make_local_reading_context, make_reading_context
    from s1ratio.cli.served_store import StoreService
    from s1ratio.settings import read_settings

    settings = read_settings(environment)
    if is_deployed(out):
        context = make_reading_context(environment)
        with closing(context.store):
            yield StoreService(context, f"project {settings.project}")
        return
    folder = (out or Path("out")) / settings.bucket
    with open_store_to_read(settings) as store:
        context = make_local_reading_context(environment, store, folder, may_dismiss=False)
        yield StoreService(context, str(out or "out"))
