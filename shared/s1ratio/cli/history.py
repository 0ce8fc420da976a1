"""Estimates for who looks before sending: from the store that the environment names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from s1ratio.preview import Preview
    from s1ratio.settings import Settings


def with_estimate(found: Preview, settings: Settings) -> Preview:
    """Return a preview with what its tasks will cost; raise StoreUnavailable without a store."""
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.services.requesting.estimating import estimate_tasks

    with open_store_to_read(settings) as store:
        known = estimate_tasks(store, found.message.request, found.tasks)
    return replace(found, estimate=known)
