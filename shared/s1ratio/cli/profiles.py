"""`s1ratio profiles`: which deployments the user's file names, and which one is meant now."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json
from s1ratio.cli.target import add_profile
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from s1ratio.client.profiles import Profile

_EXAMPLE = """a file of profiles is such as:
  default = "prod"

  [profiles.prod]
  project = "my-project"
  deployment = "prod"
  url = "https://status-page-abc123-ew.a.run.app"
  token = "gcloud"             # or "google": a service account's key; or "none"
  impersonate = "reader@my-project.iam.gserviceaccount.com"      # if need be

exit status: 0 told, 2 the file, or what the environment says, is wrong
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Shows the deployments that s1ratio/profiles.toml names, in XDG_CONFIG_HOME or ~/.config, "
        "and which of them commands work with: that of --profile, else of S1RATIO_PROFILE, else "
        "what S1RATIO_URL or S1RATIO_PROJECT says, else the file's default."
    )
    parser.epilog = _EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_profile(parser)
    add_json(parser)
    parser.set_defaults(command=_profiles)


def _profiles(options: argparse.Namespace) -> int:
    from s1ratio.client.profiles import Profiles, choose_profile, profiles_path

    known = Profiles.read(profiles_path(os.environ))
    meant = choose_profile(None, options.profile, os.environ)
    if options.json:
        every = [_document(one) for one in known.every.values()]
        now = _document(meant) if meant else None
        print_json({"file": str(known.path), "profiles": every, "meant": now})
        return 0
    for one in known.every.values():
        print_line(f"{'*' if one == meant else ' '} {_line(one)}")
    if not known.every:
        print_line(f"no profiles: {known.path} would name them, see `s1ratio profiles --help`")
    if meant is not None and meant not in known.every.values():
        print_line(f"* {_line(meant)} (of the environment)")
    elif meant is None and (project := os.environ.get("S1RATIO_PROJECT")):
        print_line(f"* the store of project {project} (of the environment)")
    return 0


def _line(one: Profile) -> str:
    where = one.url or "no url"
    what = f"{one.project}, {one.deployment}" if one.project else "no project"
    return f"{one.name or 'S1RATIO_URL'}: {where} ({what}; token: {one.way_to_token})"


def _document(one: Profile) -> dict[str, Any]:
    return {**asdict(one), "token": one.way_to_token}
