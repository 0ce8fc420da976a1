"""What an item is made of: all that is known of one VERIFIED composite."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s1ratio.catalogue.placing import ItemPlace
from s1ratio.inputs import Inputs
from s1ratio.request import CompositeRequest
from s1ratio.task import Task


@dataclass(frozen=True)
class BandStatistics:
    """What the valid pixels of a band come to, as far as they were looked at.

    `valid_percent` is their share of all, 0 to 100; the others are None where none is valid.
    """

    minimum: float | None
    maximum: float | None
    mean: float | None
    stddev: float | None
    valid_percent: float


@dataclass(frozen=True)
class FileFacts:
    """One GeoTIFF: its object's name, its bytes, their MD5 (base64), and what its bands come to.

    `statistics` are one a band, of every `shrink`-th pixel a side; `transform` and `shape` are as
    in a `RasterFile`. None where nobody could look.
    """

    name: str
    size: int
    md5: str | None = None
    statistics: tuple[BandStatistics, ...] | None = None
    shrink: float = 1.0
    transform: tuple[float, ...] | None = None
    shape: tuple[int, int] | None = None


@dataclass(frozen=True)
class Publisher:
    """Who publishes items: the deployment, and whose scenes they are made of.

    `synthetic` if those are invented; `is_real` if the Earth Engine is Google's, which alone has
    pages on its scenes.
    """

    deployment: str
    synthetic: bool = False
    is_real: bool = True


@dataclass(frozen=True)
class Facts:
    """A task with its request, its files, and the scenes that it was made of.

    `message` are the request's fields with the defaults of its day, `labels` the publisher's.
    `footprint_share` is as in the summary. `inputs` is None where Earth Engine could not tell;
    `late` are the scenes that are listed now and were left out, where they were pinned.
    """

    task: Task
    request: CompositeRequest
    message: Mapping[str, Any]
    labels: Mapping[str, str]
    place: ItemPlace
    files: tuple[FileFacts, ...]
    publisher: Publisher
    footprint_share: float | None = None
    inputs: Inputs | None = None
    late: Inputs | None = None
    has_pictures: bool = False
