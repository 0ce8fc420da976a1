"""How bad the weather of a schedule is: drawn by its seed."""

from dataclasses import replace
from random import Random

from tests.simulation.faults.fault_injection import Climate, Port


def climate(random: Random) -> Climate:
    """Draw how bad the weather of a schedule is, from fair to foul."""
    foul = random.choice((0.0, 0.5, 1.0, 1.0, 2.0))
    return Climate(
        slow=random.choice((0.02, 0.1, 0.3)),
        unanswered=foul * random.choice((0.0, 0.1, 0.4)),
        stalls=random.choice((0.0, 0.003, 0.01)),
        faults={
            "store": foul * random.choice((0.0, 0.005, 0.02)),
            "ee": foul * random.choice((0.0, 0.05, 0.2)),
            "bucket": foul * random.choice((0.0, 0.1)),
        },
        kills=foul * random.choice((0.0, 0.003, 0.02)),
    )


def deaf(fair: Climate) -> Climate:
    """Return a climate in which most starts go unanswered, and nothing else is wrong."""
    faults: dict[Port, float] = {"store": 0.0, "ee": 0.0, "bucket": 0.0}
    return replace(fair, unanswered=0.6, stalls=0.0, kills=0.0, faults=faults)
