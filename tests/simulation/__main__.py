"""Replays one schedule: `python -m tests.simulation SEED` tells all that happens in it."""

import sys

from tests.simulation.outcomes import judge_seed


def main() -> int:
    """Print the trace and the breaches of a seed; return 1 if there are any."""
    found = judge_seed(int(sys.argv[1]), traced=True)
    sys.stdout.write("\n".join([found.trace, *(found.breaches or ["sound"]), ""]))
    return 1 if found.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
