"""Where a publisher's areas come from: a text, or a file of features. Pure: each becomes GeoJSON.

`text` reads a box, a point with a radius and WKT, `features` GeoJSON as it is written, one feature
after the other, `projecting` brings what lies in another crs to longitude and latitude.
"""

from s1ratio.sources.feature import SourceFeature, unreadable

__all__ = ["SourceFeature", "unreadable"]
