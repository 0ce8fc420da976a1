"""Large payloads of alerts as files beside a store that is a file: written whole or not at all."""

import os
from pathlib import Path

from typing_extensions import override

from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from s1ratio.file_faults import describe
from s1ratio.ports import PayloadStore


class FolderPayloads(PayloadStore):
    """Payloads in a folder, which is made by the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @override
    def put(self, name: str, payload: bytes) -> None:
        path = self._path(name)
        half = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(payload)
            half.replace(path)
        except OSError as error:
            words = f"a payload can't be written: {describe(error, path)}"
            raise ObjectStoreUnavailable(words) from error

    @override
    def get(self, name: str) -> bytes:
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise ObjectMissing(f"{path} is not there") from error
        except OSError as error:
            words = f"a payload can't be read: {describe(error, path)}"
            raise ObjectStoreUnavailable(words) from error

    def _path(self, name: str) -> Path:
        """Return where a payload lies: names are ours, digests below one folder."""
        return self._folder / name.replace("/", "-")
