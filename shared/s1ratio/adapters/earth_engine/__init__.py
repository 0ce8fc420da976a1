"""Earth Engine through its own client: `documents` and `transport` make it quick and bounded,
`session` initialises it, `client` is the port.
"""

from s1ratio.adapters.earth_engine.client import EarthEngineClient

__all__ = ["EarthEngineClient"]
