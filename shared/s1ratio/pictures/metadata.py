"""What a GeoTIFF can't say of itself, for its object's metadata: Earth Engine writes no tags."""

from collections.abc import Sequence

from s1ratio.pictures.invented import SYNTHETIC
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.subject import Subject


def object_metadata(bands: Sequence[str], subject: Subject) -> dict[str, str]:
    """Return names and texts for the object of an export whose bands are these, in their order.

    Lists are separated by `; `, one entry a band. `s1ratio-scenes` is there only if they are
    invented.
    """
    scales = [SCALES.get(band) for band in bands]  # a band of another version has no scale
    found = {
        "s1ratio-bands": "; ".join(bands),
        "s1ratio-units": "; ".join(scale.unit if scale else "?" for scale in scales),
        "s1ratio-stretches": "; ".join(
            f"{one.low:g} {one.high:g}" if one else "?" for one in scales
        ),
        "s1ratio-orbit": f"{subject.orbit} {subject.direction}",
        "s1ratio-period": subject.period.replace("≤", "<="),
        "s1ratio-speckle": subject.speckle,
    }
    return {**found, "s1ratio-scenes": SYNTHETIC} if subject.synthetic else found
