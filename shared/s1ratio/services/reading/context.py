"""What reading works with: the store, the catalogue's files, and whoever takes a wish to cancel."""

from dataclasses import dataclass

from s1ratio.ports import Clock, Store
from s1ratio.ports.catalogue_files import CatalogueFiles
from s1ratio.ports.dismissing import Dismisser
from s1ratio.settings import Settings


@dataclass(frozen=True)
class ReadingContext:
    """The world of one process that is read from.

    `files_url` is what stands before the name of an exported file, with its closing slash. Without
    a dismisser nothing can be cancelled here.
    """

    settings: Settings
    store: Store
    clock: Clock
    catalogue: CatalogueFiles
    files_url: str
    dismisser: Dismisser | None = None
