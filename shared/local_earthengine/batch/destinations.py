"""Where exports go: buckets and Drive folders as folders of one directory, and nothing outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from local_earthengine.storage.names import DRIVE, check_bucket, check_object, check_part, inside


@dataclass(frozen=True)
class Destination:
    """Where an export's files go; `container` is a bucket, or Drive's folder ("" its root)."""

    kind: str  # "gcs" or "drive"
    container: str
    prefix: str

    def stem(self, out: Path) -> Path:
        """Return the path below `out` that every file's name starts with; see `inside`."""
        top = Path(self.container) if self.kind == "gcs" else Path(DRIVE) / self.container
        return inside(out, top / self.prefix)

    @property
    def uri(self) -> str:
        """The page that Earth Engine names in an operation's destinationUris."""
        if self.kind == "drive":
            return f"https://drive.google.com/#folders/{quote(self.container)}"
        folder = self.prefix.rpartition("/")[0]
        base = f"https://console.developers.google.com/storage/browser/{self.container}/"
        return f"{base}{folder}/" if folder else base


def cloud_storage(bucket: str, prefix: str) -> Destination:
    """Return a destination in a bucket. Raise EarthEngineError (400) for names that must not be."""
    check_bucket(bucket)
    check_object(prefix)
    return Destination("gcs", bucket, prefix)


def drive(folder: str, prefix: str) -> Destination:
    """Return a destination in Drive. Raise EarthEngineError (400) for names that must not be."""
    if folder:
        check_part(folder, "Drive folder", folder)
    check_part(prefix, "file name prefix", prefix)
    return Destination("drive", folder, prefix)
