"""A simulated world for the services: its clock, Earth Engine, bucket, and ways to break them.

Everything is deterministic and runs in simulated time. `SimulatedEarthEngine` is no kinder than
the real one is known to be; `World` wires it to the services and the SQLite store that ship.
"""

from tests.support.simulated.bucket import SimulatedBucket
from tests.support.simulated.clock import SimulatedClock, SkewedClock
from tests.support.simulated.crash import Breaker, Crashed, broken
from tests.support.simulated.earth_engine import SimulatedEarthEngine
from tests.support.simulated.operation import Outcome, SimulatedOperation
from tests.support.simulated.world import World, message

__all__ = [
    "Breaker",
    "Crashed",
    "Outcome",
    "SimulatedBucket",
    "SimulatedClock",
    "SimulatedEarthEngine",
    "SimulatedOperation",
    "SkewedClock",
    "World",
    "broken",
    "message",
]
