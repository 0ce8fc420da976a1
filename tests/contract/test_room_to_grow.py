"""What is taken in can always be updated: the quick look at its size is as strict as the long."""

from dataclasses import replace

import pytest

from s1ratio.adapters.store.codec import Codec
from s1ratio.errors import RecordRefused
from s1ratio.growth import fully_grown
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestRecord
from s1ratio.request import Direction
from tests.contract.conftest import StoreOpener
from tests.contract.records import a_request


@pytest.mark.parametrize("pins", ["", '"pin_inputs":true'])
@pytest.mark.parametrize("size", [1, 10_000, 600_000, 760_000, 800_000, 850_000, 899_000])
@pytest.mark.parametrize("passes", [None, (OrbitPass(175, Direction.DESCENDING, 0.5, 9),) * 350])
def test_what_is_taken_in_has_room_to_grow(
    size: int, passes: tuple[OrbitPass, ...] | None, pins: str, open_sqlite: StoreOpener
) -> None:
    """The quick look at its size comes to what growing it comes to."""
    record = replace(a_request(), message=pins + "x" * size, passes=passes)
    codec = Codec(RequestRecord)
    try:
        codec.document(fully_grown(record))
        fits = True
    except RecordRefused:
        fits = False
    store = open_sqlite()
    if fits:
        assert store.create_request(record).message == record.message
    else:
        with pytest.raises(RecordRefused):
            store.create_request(record)
