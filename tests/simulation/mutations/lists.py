"""Faults in what Earth Engine shows: its list, names, clocks, and what another store made."""

from unittest.mock import patch

from tests.simulation.mutations.mutation import Mutation


def _whole(name: str) -> str:
    return name


LISTS = {
    "names of operations are compared whole": Mutation(
        lambda: patch("s1ratio.ports.earth_engine.operation_id", _whole)
    ),
}
