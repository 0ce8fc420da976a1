"""What a graph costs: its bytes, and how often each thing is computed."""

import pytest

from s1ratio.imagery import composite, export
from tests.unit.imagery.graphs import algorithms, size
from tests.unit.imagery.messages import request_of, task_of


def _expression(**fields):
    request = request_of(**fields)
    task = task_of(request)
    body = export.params(request, task, attempt=1, description="d", bucket="b", priority=1)
    return body["expression"]


def test_notebooks_deliverable_is_one_export_of_7000_bytes_at_most():
    assert size(_expression(preset="notebook", orbits=[58])) <= 7_000


def test_default_preset_is_not_much_more():
    assert size(_expression()) <= 10_500


def test_all_products_and_statistics_share_one_filter_one_reduction_one_load():
    every = algorithms(
        _expression(
            products=["vvvh_db", "vvvh_linear", "vvdvh_notebook", "vv_db", "vh_linear"],
            statistics=["median", "stdDev", "mean", "min", "max", "count"],
        )
    )
    for name in (
        "Image.focalMedian",
        "ImageCollection.reduce",
        "ImageCollection.load",
        "ImageCollection.mosaic",
        "Join.apply",
        "Image.log10",
    ):
        assert every[name] == 1, name
    assert every["Reducer.combine"] == 5


def test_notebook_filters_once_and_does_not_mosaic():
    every = algorithms(_expression(preset="notebook"))
    assert every["Image.focalMedian"] == 1  # VV and VH go through one call
    assert every["ImageCollection.reduce"] == 1
    assert every["ImageCollection.mosaic"] == every["Join.apply"] == every["Image.mask"] == 0


@pytest.mark.parametrize(
    ("product", "absent"),
    [
        ("vvvh_linear", "Image.log10"),
        ("vv_linear", "Image.log10"),
        ("vh_linear", "Image.divide"),
        ("vvvh_db", "Image.divide"),
    ],
)
def test_what_a_product_does_not_need_is_not_in_the_graph(product, absent):
    assert algorithms(_expression(products=[product]))[absent] == 0


def test_a_vertex_costs_what_its_numbers_cost():
    ring = [[14 + i / 1000, -17 + (i % 2) / 100] for i in range(500)]
    ring += [[14.5, -18.0], [14.0, -17.5], ring[0]]
    area = {"type": "Polygon", "coordinates": [ring]}
    request = request_of(aoi=area)
    grown = size(composite.build(request, task_of(request))) - size(
        composite.build(request_of(), task_of(request_of()))
    )
    assert grown / len(ring) < 70  # bytes: the area stands in the graph once, for all its uses
