"""Random graphs give, on the server, what a slow interpreter of the documentation says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from local_earthengine.geo.pixelgrid import PixelGrid
from tests.randomgraphs.comparing import Tally, compare, interpreted
from tests.randomgraphs.graphs import Built, graphs
from tests.randomgraphs.world import made
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import UTM

GRIDS: Final = (
    PixelGrid(UTM, (10.0, 0.0, 499_990.0, 0.0, -10.0, 8_000_010.0), 8, 7),
    PixelGrid(UTM, (10.0, 0.0, 500_000.0, 0.0, -10.0, 8_000_000.0), 7, 6),
    PixelGrid(UTM, (20.0, 0.0, 500_005.0, 0.0, -20.0, 8_000_005.0), 4, 4),
    PixelGrid("EPSG:4326", (1.6e-4, 0.0, 14.99983, 0.0, -1.6e-4, 72.09931), 14, 5),
)
WORLD, CATALOGUE = made()


@pytest.fixture(scope="module", autouse=True)
def client() -> None:
    """`ee` builds expressions; no request can leave."""
    ee_offline.initialize()


def check(built: Built, grid: PixelGrid, tile: int, tally: Tally) -> None:
    expression = ee_offline.expression(built.image)
    note(json.dumps(expression))
    found = WORLD.pixels(built.image, grid, tile)
    compare(found, interpreted(expression, CATALOGUE), grid, tally)


def run(count: int, derandomize: bool) -> Tally:
    """So many graphs; every failure prints the smallest expression that shows it."""
    tally = Tally()

    @settings(
        max_examples=count, deadline=None, derandomize=derandomize, database=None,
        print_blob=not derandomize, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(graphs(), st.sampled_from(GRIDS), st.sampled_from([3, 5, 512]))
    def each(built: Any, grid: PixelGrid, tile: int) -> None:
        check(built, grid, tile, tally)

    each()
    return tally


def test_the_interpreter_shares_no_code_with_the_product() -> None:
    for file in (Path(__file__).parent / "interpreter").glob("*.py"):
        shared = re.search(r"^\s*(from|import) (s1ratio|numpy|ee)\b", file.read_text(), re.M)
        assert shared is None, file


def test_100_graphs_give_what_the_interpreter_says() -> None:
    tally = run(100, derandomize=True)
    assert tally.valid > 4_000
    assert tally.masked > 2_000
    assert tally.share_known > 0.9


@pytest.mark.soak
def test_5000_graphs_give_what_the_interpreter_says() -> None:
    assert run(5_000, derandomize=False).share_known > 0.9
