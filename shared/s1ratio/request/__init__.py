"""The request: the message another system publishes, validated.

`fields` has the parts a message is made of, `model` the whole, `reader` the way from bytes to
a `CompositeRequest` or to every fault, `schema` the JSON Schema for publishers.
"""

from s1ratio.request.checks import Limits
from s1ratio.request.fields import (
    Boxcar,
    Direction,
    DriveDestination,
    FocalMedian,
    GcsDestination,
    GridSpec,
    NoSpeckleFilter,
    Product,
    SpeckleFilter,
    Statistic,
)
from s1ratio.request.model import CompositeRequest
from s1ratio.request.reader import Message, read_message

__all__ = [
    "Boxcar",
    "CompositeRequest",
    "Direction",
    "DriveDestination",
    "FocalMedian",
    "GcsDestination",
    "GridSpec",
    "Limits",
    "Message",
    "NoSpeckleFilter",
    "Product",
    "SpeckleFilter",
    "Statistic",
    "read_message",
]
