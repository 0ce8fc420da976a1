"""The catalogue's files in the folder of a local run."""

from pathlib import Path

from typing_extensions import override

from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from s1ratio.file_faults import describe
from s1ratio.ports.catalogue_files import CatalogueFiles


class FolderCatalogue(CatalogueFiles):
    """Files below a folder, to which no link leads out of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @override
    def read(self, name: str, most: int) -> bytes:
        path = self._folder / name
        try:
            inside = (self._folder / name.partition("/")[0]).resolve()
            if not path.resolve().is_relative_to(inside) or not path.is_file():
                raise ObjectMissing(f"{path} is not there")
            with path.open("rb") as opened:
                return opened.read(most)
        except FileNotFoundError as error:
            raise ObjectMissing(f"{path} is not there") from error
        except OSError as error:
            words = f"a file of the catalogue can't be read: {describe(error, path)}"
            raise ObjectStoreUnavailable(words) from error
