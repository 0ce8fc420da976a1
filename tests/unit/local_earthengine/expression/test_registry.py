"""What is registered fits Earth Engine's own list of algorithms."""

from __future__ import annotations

from local_earthengine.expression import registry


def test_every_algorithm_takes_the_arguments_of_earth_engine_s_list() -> None:
    assert len(registry.implemented()) > 450
    assert not registry.misfits()
