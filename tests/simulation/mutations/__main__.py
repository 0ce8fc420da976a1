"""Tells which seed tells of each mutation first: `python -m tests.simulation.mutations`.

After a change of the services other schedules may be the ones that tell: then write these down.
"""

import sys

from tests.simulation.mutations.faulty_services import MUTATIONS
from tests.simulation.mutations.mutation import find_seed


def main() -> int:
    """Print a seed for each, the known one if it still tells; return 1 where there is none."""
    found = {fault: find_seed(mutation) for fault, mutation in MUTATIONS.items()}
    for fault, seed in found.items():
        known = "as written" if seed == MUTATIONS[fault].seed else "new"
        sys.stdout.write(f"{fault}: {seed} ({known})\n")
    return 1 if None in found.values() else 0


if __name__ == "__main__":
    sys.exit(main())
