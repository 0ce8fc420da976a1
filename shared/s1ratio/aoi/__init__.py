"""The area of interest: what a publisher may send, and the one shape the product works with.

`read` takes what the message holds under `aoi`; `Aoi` is the result. The rules of rings are in
`rings`, the kinds of geometry in `geojson`, features and collections in `containers`, boxes and
buffered points in `shapes`, several polygons as one in `union`.
"""

from s1ratio.aoi.area import Aoi
from s1ratio.aoi.reader import read

__all__ = ["Aoi", "read"]
