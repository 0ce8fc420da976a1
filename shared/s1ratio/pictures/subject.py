"""What a picture is of, in words: the orbit, the period, how it was computed, and of what."""

from dataclasses import dataclass

from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest
from s1ratio.request.fields import Boxcar, FocalMedian
from s1ratio.request.moments import message_text_of


@dataclass(frozen=True)
class Subject:
    """One composite: its export task's `name`, what was flown, when, and the filter.

    `synthetic` if its scenes are invented; who runs it knows, the pixels don't tell.
    """

    name: str
    orbit: int
    direction: str
    period: str
    speckle: str
    synthetic: bool = False

    @property
    def flown(self) -> str:
        """The orbit and the period, in a line."""
        return f"Sentinel-1 · orbit {self.orbit} {self.direction} · {self.period}"


def subject_of(plan: ExportTask, request: CompositeRequest, *, synthetic: bool) -> Subject:
    """Return what the export of a task is of."""
    start, end = message_text_of(request.start), message_text_of(request.end)
    return Subject(
        name=plan.id,
        orbit=plan.orbit,
        direction=plan.direction.value.lower(),
        period=f"{start} ≤ t < {end}, UTC",
        speckle=_speckle_words(request),
        synthetic=synthetic,
    )


def _speckle_words(request: CompositeRequest) -> str:
    speckle = request.speckle
    if isinstance(speckle, FocalMedian):
        return f"focal median of {speckle.radius_m:g} m"
    if isinstance(speckle, Boxcar):
        return f"boxcar of {speckle.size_px} px"
    return "no speckle filter"
