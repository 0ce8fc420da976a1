"""Tokens that say who calls: of gcloud, or of Google's library. They are printed and kept nowhere.

An ID token is for one audience and lives for an hour; another is had before it ends. Cloud Run
takes those of people's accounts as gcloud gives them, and those of service accounts if they are for
its own URL.
"""

import base64
import binascii
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.auth import default
from google.auth.exceptions import GoogleAuthError
from google.auth.impersonated_credentials import Credentials as Impersonated
from google.auth.impersonated_credentials import IDTokenCredentials
from google.auth.transport.requests import Request
from google.oauth2.id_token import fetch_id_token_credentials

from s1ratio.errors import ServiceError, ServiceUnavailable

_DEADLINE_S = 60.0
_EARLY_S = 300.0  # before its end a token is replaced
_UNKNOWN_S = 240.0  # how long one counts that doesn't say when it ends
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_NOT_FOR_PEOPLE = "Invalid account Type for `--audiences`"


class Tokens:
    """One kind of token, fetched when it is wanted; may be used from several threads."""

    def __init__(self, fetch: Callable[[], str], clock: Callable[[], float] = time.time) -> None:
        """`fetch` returns a new one; `clock` is for tests."""
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def get(self, *, anew: bool = False) -> str:
        """Return a token that lives for a while; raise ServiceError where none is to be had."""
        with self._lock:
            if anew or self._clock() >= self._until:
                self._token = self._fetch()
                ends = claims_of(self._token).get("exp")
                if isinstance(ends, int | float):
                    self._until = ends - _EARLY_S
                else:
                    self._until = self._clock() + _UNKNOWN_S
            return self._token


def claims_of(token: str) -> Mapping[str, Any]:
    """Return what a token says of itself, unverified; nothing if it is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Gcloud:
    """Tokens by the gcloud that is on the PATH; `impersonate` is a service account's e-mail."""

    audience: str
    impersonate: str | None = None

    def fetch_id_token(self) -> str:
        """Return a new ID token: for the audience, unless a person's account is signed in."""
        words = ["print-identity-token", f"--audiences={self.audience}"]
        if self.impersonate:
            words.append("--include-email")
        done = self._run(words)
        if done.returncode and not self.impersonate and _NOT_FOR_PEOPLE in done.stderr:
            done = self._run(words[:1])
        return _token_of(done)

    def fetch_access_token(self) -> str:
        """Return an access token, for what lies in buckets."""
        return _token_of(self._run(["print-access-token"]))

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        command = shutil.which("gcloud")
        if command is None:
            words_of_lack = "gcloud is not on the PATH: install the Google Cloud SDK, or let the"
            raise ServiceError(f'{words_of_lack} profile say token = "google"')
        if self.impersonate:
            words = [*words, f"--impersonate-service-account={self.impersonate}"]
        try:
            return subprocess.run(  # noqa: S603 - no shell, and our own words
                [command, "auth", *words, "--quiet"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_DEADLINE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            told = f"gcloud auth {words[0]} did not answer in {_DEADLINE_S:.0f} s"
            raise ServiceUnavailable(told) from None
        except OSError as error:
            raise ServiceError(f"gcloud can't be run: {error.strerror}") from error


def _token_of(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the token that gcloud printed; its complaints, never its output, are told."""
    lines = done.stdout.split()
    if done.returncode or not lines:
        said = " ".join(done.stderr.split())[:500] or f"exit status {done.returncode}"
        raise ServiceError(f"gcloud gives no token: {said}: sign in by gcloud auth login")
    return lines[-1]


@dataclass(frozen=True)
class Google:
    """Tokens by Google's library: of a service account's key, a machine, or one impersonated."""

    audience: str
    impersonate: str | None = None

    def fetch_id_token(self) -> str:
        """Return a new ID token for the audience."""
        return _asked(self._id_token)

    def fetch_access_token(self) -> str:
        """Return an access token, for what lies in buckets."""
        return _asked(lambda: _refreshed(self._source()))

    def _source(self) -> Any:
        source, _ = default(scopes=_SCOPES)
        if not self.impersonate:
            return source
        make: Any = Impersonated
        return make(source, self.impersonate, list(_SCOPES))

    def _id_token(self) -> str:
        fetch: Any = fetch_id_token_credentials
        make: Any = IDTokenCredentials
        if not self.impersonate:
            return _refreshed(fetch(self.audience, Request()))
        return _refreshed(make(self._source(), self.audience, include_email=True))


def _refreshed(credentials: Any) -> str:
    credentials.refresh(Request())
    return str(credentials.token)


def _asked(fetch: Callable[[], str]) -> str:
    try:
        return fetch()
    except GoogleAuthError as error:
        said = " ".join(str(error.args[0] if error.args else error).split())[:500]
        words = (
            f"Google's library gives no token: {said}: name a service account's key by "
            'GOOGLE_APPLICATION_CREDENTIALS, one to impersonate, or let the profile say "gcloud"'
        )
        raise (ServiceUnavailable if error.retryable else ServiceError)(words) from error
