"""Files over HTTPS into a folder: each is there whole, or not at all.

What was cut off is gone on with if the file is still the same (its ETag); what is there already is
left alone if size and MD5 are those that the server tells.
"""

import base64
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from s1ratio.adapters.web import Bearer
from s1ratio.errors import ObjectMissing, ServiceError, ServiceUnavailable

_TIMEOUT_S = (10.0, 60.0)  # to connect, and for each piece
_PIECE = 1024 * 1024
_TRIES = 4

# Returns the token for a URL, None for none; `anew` where the last one was refused.
TokenFor = Callable[[str, bool], str | None]


@dataclass(frozen=True)
class Remote:
    """A file as its server tells of it: bytes, MD5 in hex and ETag where these are known."""

    url: str
    size: int | None
    md5: str | None
    etag: str | None

    def is_at(self, path: Path) -> bool:
        """Tell whether a file is this one, by its size and, where that is known, its MD5."""
        if not path.is_file() or (self.size is not None and path.stat().st_size != self.size):
            return False
        if self.md5 is not None:
            return digest_of(path) == self.md5
        return self.size is not None


def digest_of(path: Path) -> str:
    """Return a file's MD5 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


class FileTransfer:
    """Fetches files; `sleep` is told the seconds of the pause before another try."""

    def __init__(self, token_for: TokenFor, sleep: Callable[[float], None]) -> None:
        self._token_for, self._sleep = token_for, sleep
        self._session = requests.Session()

    def close(self) -> None:
        """Let go of its connections."""
        self._session.close()

    def fetch(self, url: str, path: Path) -> bool:
        """Bring a file to a path; return whether it had to be fetched.

        Raises ObjectMissing, ServiceError where it is refused or is not what was told, and
        ServiceUnavailable where it could not be had: what came of it is kept for the next time.
        """
        for tried in range(1, _TRIES + 1):
            try:
                return self._fetch(url, path)
            except (requests.RequestException, ServiceUnavailable) as error:
                if tried == _TRIES:
                    words = f"{path.name} can't be had from {_host_of(url)}: try again, it goes on"
                    raise ServiceUnavailable(f"{words} ({type(error).__name__})") from None
                self._sleep(float(2**tried))
        raise AssertionError

    def _fetch(self, url: str, path: Path) -> bool:
        remote = self._look(url)
        if remote.is_at(path):
            return False
        part = _part_of(path, remote)
        offset = part.stat().st_size if part.exists() and remote.etag else 0
        if remote.size is None or offset < remote.size:
            self._receive(remote, part, offset)
        if remote.size is not None and part.stat().st_size != remote.size:
            raise ServiceUnavailable(f"{path.name} came to an end too early")
        if remote.md5 is not None and digest_of(part) != remote.md5:
            part.unlink()
            raise ServiceUnavailable(f"{path.name} is not what its server tells")
        part.replace(path)
        return True

    def _look(self, url: str) -> Remote:
        with self._send("HEAD", url, {}) as answer:
            size = answer.headers.get("Content-Length", "")
            hashes = answer.headers.get("x-goog-hash", "").split(",")
            md5 = next((one.strip()[4:] for one in hashes if one.strip().startswith("md5=")), None)
            return Remote(
                url=url,
                size=int(size) if size.isdigit() else None,
                md5=base64.b64decode(md5).hex() if md5 else None,
                etag=answer.headers.get("ETag"),
            )

    def _receive(self, remote: Remote, part: Path, offset: int) -> None:
        more = {"Range": f"bytes={offset}-", "If-Range": remote.etag or ""} if offset else {}
        with self._send("GET", remote.url, more) as answer:
            goes_on = answer.status_code == 206
            with part.open("ab" if goes_on else "wb") as file:
                for piece in answer.iter_content(_PIECE):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())

    def _send(self, method: str, url: str, more: dict[str, str]) -> requests.Response:
        answer = self._call(method, url, more, anew=False)
        if answer.status_code == 401:
            answer.close()
            answer = self._call(method, url, more, anew=True)
        if answer.status_code in (200, 206):
            return answer
        answer.close()
        raise _refusal(answer.status_code, url)

    def _call(
        self, method: str, url: str, more: dict[str, str], *, anew: bool
    ) -> requests.Response:
        return self._session.request(
            method,
            url,
            headers={"Accept-Encoding": "identity", **more},
            auth=Bearer(self._token_for(url, anew)),
            timeout=_TIMEOUT_S,
            allow_redirects=False,
            stream=True,
        )


def copy_file(source: Path, path: Path) -> bool:
    """Bring a file of this machine to a path, whole; return whether it had to be copied."""
    if not source.is_file():
        raise ObjectMissing(f"{source} is not there any more")
    here = Remote("", source.stat().st_size, digest_of(source), None)
    if here.is_at(path):
        return False
    part = _part_of(path, here)
    shutil.copyfile(source, part)
    part.replace(path)
    return True


def _part_of(path: Path, remote: Remote) -> Path:
    """Return where what has come so far is kept: of this very file, so that none is a mixture."""
    of = hashlib.sha256(f"{remote.etag} {remote.size} {remote.md5}".encode()).hexdigest()[:12]
    return path.with_name(f".{path.name}.{of}.part")


def _refusal(status: int, url: str) -> Exception:
    if status == 404:
        return ObjectMissing(f"{url} is not there any more")
    if status in (401, 403):
        words = "it takes roles/storage.objectViewer on the bucket (Terraform's export_readers)"
        return ServiceError(f"you may not read {url} ({status}): {words}")
    if status in (408, 429) or status >= 500:
        return ServiceUnavailable(f"{_host_of(url)} can't answer now ({status})")
    return ServiceError(f"{url} was answered with {status}")


def _host_of(url: str) -> str:
    return url.split("/")[2]
