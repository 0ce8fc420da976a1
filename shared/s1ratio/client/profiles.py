"""Profiles: by name, which deployment is meant, where it is read, and how a token is had for it.

They lie in a file of the user, `s1ratio/profiles.toml` in `XDG_CONFIG_HOME` or `~/.config`:

    default = "prod"

    [profiles.prod]
    project = "my-project"
    deployment = "prod"
    url = "https://status-page-abc123-ew.a.run.app"

No secret is in it: tokens are had anew, and kept nowhere.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from s1ratio.errors import InvalidSettings
from s1ratio.faults import Fault

TOKENS = ("gcloud", "google", "none")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Profile:
    """One deployment as a person reaches it.

    `url` is where it is read; `token` how an ID token is had for it: by `gcloud`, by `google`'s
    library (a service account's key, a machine's own account), or `none`; None: by gcloud, but
    none for this machine itself. `audience` is whom the token is for, by default the url, and
    `impersonate` the service account in whose name it is asked for. The topics are in full.
    """

    name: str = ""
    project: str | None = None
    deployment: str = "dev"
    url: str | None = None
    token: str | None = None
    audience: str | None = None
    impersonate: str | None = None
    requests_topic: str | None = None
    commands_topic: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidSettings with whatever is wrong with it."""
        where = f"profiles.{self.name}." if self.name else ""
        faults = [Fault(f"{where}{name}", "profile", words) for name, words in self._wrong()]
        if faults:
            raise InvalidSettings(faults)

    def _wrong(self) -> list[tuple[str, str]]:
        found = [
            (one.name, "must be a text that is not empty")
            for one in fields(self)[1:]
            if not (getattr(self, one.name) is None or _is_text(getattr(self, one.name)))
        ]
        if found:
            return found
        if self.token not in (None, *TOKENS):
            found.append(("token", f"must be one of {', '.join(TOKENS)}"))
        if self.url is not None and (words := _fault_of(self.url)):
            found.append(("url", words))
        return found

    @property
    def way_to_token(self) -> str:
        """How an ID token is had: gcloud, google, none."""
        at_home = self.url is not None and urlsplit(self.url).hostname in _LOOPBACK
        return self.token or ("none" if at_home else "gcloud")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()


def _fault_of(url: str) -> str:
    """Return what is wrong with where a deployment is read, "" if nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is no URL: {error}"
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        return "must be an https:// URL without a query"
    if parts.username is not None:
        return "must hold no name and no password"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "must begin with https://: a token is sent there"
    return ""


@dataclass(frozen=True)
class Profiles:
    """All profiles of a file, by name, and which is meant where none is named."""

    path: Path
    every: Mapping[str, Profile] = field(default_factory=dict)
    default: str | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return those of a file, none if there is no file; raise InvalidSettings, OSError."""
        try:
            text = path.read_bytes().decode("utf-8")
            document = tomllib.loads(text)
        except FileNotFoundError:
            return cls(path)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InvalidSettings([Fault(str(path), "toml", f"is no TOML: {error}")]) from error
        every = document.pop("profiles", {})
        default = document.pop("default", None)
        faults = [Fault(name, "profile", "is no word of this file") for name in document]
        if not isinstance(every, dict):
            faults.append(Fault("profiles", "profile", "must be tables: [profiles.NAME]"))
            every = {}
        if default is not None and default not in every:
            faults.append(Fault("default", "profile", f"{default!r} is no profile of this file"))
        made = {name: _made(name, fields, faults) for name, fields in every.items()}
        if faults:
            raise InvalidSettings([replace(one, path=f"{path}: {one.path}") for one in faults])
        return cls(path, made, default)

    def get(self, name: str) -> Profile:
        """Return one by its name; raise InvalidSettings where there is none."""
        if name not in self.every:
            known = f"there are {', '.join(self.every)}" if self.every else "there is none"
            words = f"no profile {name!r} is in {self.path}: {known}"
            raise InvalidSettings([Fault("", "profile", words)])
        return self.every[name]


def _made(name: str, given: Any, faults: list[Fault]) -> Profile:
    where = f"profiles.{name}"
    if not isinstance(given, dict):
        faults.append(Fault(where, "profile", f"must be a table: [{where}]"))
        return Profile()
    known = {one.name for one in fields(Profile)} - {"name"}
    for field_name in sorted(set(given) - known):
        words = f"is no field of a profile: one of {', '.join(sorted(known))}"
        faults.append(Fault(f"{where}.{field_name}", "profile", words))
    try:
        return Profile(name=name, **{key: one for key, one in given.items() if key in known})
    except InvalidSettings as error:
        faults += error.faults
        return Profile()


def profiles_path(environment: Mapping[str, str]) -> Path:
    """Return where the file of profiles is, whether or not it is there."""
    folder = environment.get("XDG_CONFIG_HOME", "")
    # What is not absolute does not count: so the specification of these folders has it.
    home = Path(folder) if Path(folder).is_absolute() else Path.home() / ".config"
    return home / "s1ratio" / "profiles.toml"


def profile_of_url(url: str, environment: Mapping[str, str]) -> Profile:
    """Return the profile of a URL that is given by itself, how to get a token from variables."""
    return Profile(
        url=url,
        token=environment.get("S1RATIO_TOKEN") or None,
        audience=environment.get("S1RATIO_AUDIENCE") or None,
        impersonate=environment.get("S1RATIO_IMPERSONATE") or None,
    )


def profile_of_environment(environment: Mapping[str, str]) -> Profile | None:
    """Return the profile that variables make by themselves, None where they name no url."""
    url = environment.get("S1RATIO_URL", "")
    if not url:
        return None
    return replace(
        profile_of_url(url, environment),
        project=environment.get("S1RATIO_PROJECT") or None,
        deployment=environment.get("S1RATIO_DEPLOYMENT") or "dev",
        requests_topic=environment.get("S1RATIO_REQUESTS_TOPIC") or None,
        commands_topic=environment.get("S1RATIO_COMMANDS_TOPIC") or None,
    )


def choose_profile(
    url: str | None, name: str | None, environment: Mapping[str, str]
) -> Profile | None:
    """Return the profile that is meant, whole, by the first that names one; None if none does.

    In this order: a url that was typed, a profile's name that was typed, S1RATIO_PROFILE,
    S1RATIO_URL with the other variables, the file's default where no S1RATIO_PROJECT is set.
    What they say is never mixed: a name of one deployment beside the url of another would be a
    wish that goes astray.
    """
    if url is not None:
        return profile_of_url(url, environment)
    name = name or environment.get("S1RATIO_PROFILE")
    if name:
        return Profiles.read(profiles_path(environment)).get(name)
    if (found := profile_of_environment(environment)) is not None:
        return found
    if environment.get("S1RATIO_PROJECT"):
        return None
    known = Profiles.read(profiles_path(environment))
    return known.get(known.default) if known.default else None
