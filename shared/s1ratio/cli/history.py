"""Estimates for who looks before sending: from the store that the environment names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from s1ratio.errors import StoreUnavailable

if TYPE_CHECKING:
    from s1ratio.estimate import Sample
    from s1ratio.preview import Preview
    from s1ratio.request import CompositeRequest
    from s1ratio.settings import Settings


def with_estimate(found: Preview, settings: Settings) -> Preview:
    """Return a preview with what its tasks will cost; raise StoreUnavailable without a store."""
    from s1ratio.estimate import estimate, passes_of

    request = found.message.request
    amounts = [task.grid.pixels * passes_of(request) for task in found.tasks]
    return replace(found, estimate=estimate(amounts, read_samples(settings, request)))


def read_samples(settings: Settings, request: CompositeRequest) -> Sequence[Sample]:
    """Return what the last tasks like a request's came to; raise StoreUnavailable."""
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.services.requesting.estimating import find_samples

    try:
        with open_store_to_read(settings) as store:
            return find_samples(store, request)
    except ModuleNotFoundError as error:
        words = f"--history reads the store by {error.name}, which is not installed"
        raise StoreUnavailable(f"{words}: pip install 's1ratio[cli,cloud]'") from error
