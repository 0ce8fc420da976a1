"""Files that results name, brought into a folder: out of a bucket, off a service, or copied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from s1ratio.adapters.file_transfer import FileTransfer, TokenFor, copy_file
from s1ratio.errors import ServiceError

BUCKET_HOST = "storage.googleapis.com"


@dataclass(frozen=True)
class Downloaded:
    """A file that is in the folder now; `fetched` tells whether it was not there before."""

    path: Path
    url: str
    fetched: bool


@dataclass
class Downloader:
    """Fetches files by their URLs. `may_copy`: whether those of this machine may be named.

    `sleep` is told the pauses before another try.
    """

    token_for: TokenFor
    sleep: Callable[[float], None]
    may_copy: bool = False
    _transfer: FileTransfer = field(init=False)

    def __post_init__(self) -> None:
        """Make what fetches; it connects to nothing yet."""
        self._transfer = FileTransfer(self.token_for, self.sleep)

    def close(self) -> None:
        """Let go of its connections."""
        self._transfer.close()

    def fetch_all(
        self, urls: Sequence[str], folder: Path, say: Callable[[str], None]
    ) -> list[Downloaded]:
        """Bring files into a folder, which is made; two of one name are refused, before any."""
        named = {url: _name_of(url) for url in urls}
        if len(set(named.values())) < len(named):
            raise ServiceError("two of the files have the same name: they can't lie in one folder")
        folder.mkdir(parents=True, exist_ok=True)
        found = []
        for url, name in named.items():
            say(f"{folder / name}")
            found.append(Downloaded(folder / name, url, self._fetch(url, folder / name)))
        return found

    def _fetch(self, url: str, path: Path) -> bool:
        parts = urlsplit(url)
        if parts.scheme != "file":
            return self._transfer.fetch(url, path)
        if not self.may_copy or parts.netloc:
            raise ServiceError(f"{url} lies on the service's own machine, and can't be had here")
        return copy_file(Path(unquote(parts.path)), path)


def _name_of(url: str) -> str:
    """Return the name that a file has in a folder: never one that leads out of it, or is hidden."""
    parts = urlsplit(url)
    name = unquote(parts.path.rpartition("/")[2])
    safe = name.isprintable() and not set(name) & set("/\\:") and not name.startswith(".")
    if parts.scheme not in {"https", "http", "file"} or not name or not safe:
        raise ServiceError(f"{url[:200]!r} names no file")
    return name
