"""Where large payloads lie: in the bucket, or beside a store that is a file."""

from pathlib import Path

from s1ratio.ports import PayloadStore
from s1ratio.settings import Settings


def make_payloads(settings: Settings, deadline_s: float) -> PayloadStore:
    """Return the place that the settings name; what a call to the bucket may take is given."""
    kind, _, path = settings.store.partition(":")
    if kind == "sqlite":
        from s1ratio.adapters.payload_files import FolderPayloads  # noqa: PLC0415 - embedded only

        return FolderPayloads(Path(path).parent / "payloads")
    from s1ratio.adapters.bucket.payloads import BucketPayloads  # noqa: PLC0415 - deployed only

    return BucketPayloads(settings.project, settings.bucket, deadline_s)
