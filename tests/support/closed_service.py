"""A service that is closed to whoever has no token, as Cloud Run is, on a port of this machine.

Beside what it serves it has files below `/files/`, in ranges, and an issuer of tokens as a fake
`gcloud` on the PATH asks it.
"""

import base64
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s1ratio.adapters.http.serving import listen

Start = Any  # as WSGI has it
_GCLOUD = """#!/bin/sh
echo "$@" >> "{folder}/asked"
case "$*" in
  *print-access-token*) echo access-token; exit 0;;
  *--audiences*) case "$*" in *impersonate*) ;; *) {people} ;; esac;;
esac
cat "{folder}/token"
"""
_FOR_PEOPLE = "echo 'ERROR: Invalid account Type for `--audiences`. Requires ...' >&2; exit 1"


def make_token(audience: str, email: str = "anna@example.com", lives_s: float = 3_600.0) -> str:
    """Return a token with claims and a signature that nobody looks at."""
    claims = {"aud": audience, "email": email, "exp": int(time.time() + lives_s)}
    parts = ({"alg": "none"}, claims)
    told = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    return b".".join([*told, b"c2lnbmF0dXJl"]).decode()


@dataclass
class Gate:
    """Lets calls through whose token is one of `tokens`; `asked` are all that came.

    Members whose e-mail is in `strangers` have a good token and no right, which is another answer.
    `busy` is how many calls are answered by 503 before any other.
    """

    app: Callable[..., Iterable[bytes]]
    files: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    busy: int = 0
    cut_at: int | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a call."""
        shown = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], shown))
        if self.busy:
            self.busy -= 1
            start("503 Service Unavailable", [("Content-Type", "text/html")])
            return [b"<html>busy</html>"]
        if shown in self.strangers:
            start("403 Forbidden", [("Content-Type", "text/html")])
            return [b"<html>Your client does not have permission</html>"]
        if shown not in self.tokens:
            start("401 Unauthorized", [("Content-Type", "text/html")])
            return [b"<html>Unauthorized</html>"]
        if environ["PATH_INFO"].startswith("/files/"):
            return self._file(environ, start)
        return self.app(environ, start)

    def _file(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        data = self.files[environ["PATH_INFO"].removeprefix("/files/")]
        etag = f'"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}"'
        md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        headers = [("ETag", etag), ("x-goog-hash", f"crc32c=AAAAAA==,md5={md5}")]
        sent, status = data, "200 OK"
        begin = environ.get("HTTP_RANGE", "")
        if begin and environ.get("HTTP_IF_RANGE") == etag:
            sent, status = data[int(begin.removeprefix("bytes=").rstrip("-")) :], "206 Partial"
        start(status, [*headers, ("Content-Length", str(len(sent)))])
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        if self.cut_at is not None:
            sent, self.cut_at = sent[: self.cut_at], None
        return [sent]


@contextmanager
def serve(gate: Gate) -> Iterator[str]:
    """Serve what is behind a gate until the context ends; yield its URL, without a slash."""
    listening = listen(gate, "127.0.0.1", 0)  # type: ignore[arg-type]
    thread = threading.Thread(target=listening.serve, daemon=True)
    thread.start()
    try:
        yield listening.url.rstrip("/")
    finally:
        listening.close()
        thread.join(10)


def put_gcloud_on_path(folder: Path, token: str, *, of_a_person: bool = True) -> str:
    """Make a gcloud that prints a token, and return the PATH on which it stands first."""
    (folder / "token").write_text(token)
    command = folder / "gcloud"
    people = _FOR_PEOPLE if of_a_person else ":"
    command.write_text(_GCLOUD.format(folder=folder, people=people))
    command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
