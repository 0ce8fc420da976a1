"""Synthetic Sentinel-1 scenes of any place and any day since 2014, the same in every run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.catalog import (
    Bounds,
    Endless,
    unknown_collection,
    unknown_image,
    wrong_type,
)
from local_earthengine.scenes.fleet import (
    CYCLE,
    FIRST_DAY,
    ORBITS_IN_CYCLE,
    PERIOD,
    PLATFORMS,
    Epoch,
    Platform,
)
from local_earthengine.scenes.scene import Scene, SceneBand
from local_earthengine.scenes.sentinel1_collections import (
    DB_COLLECTION,
    FLOAT_COLLECTION,
    converted,
    milliseconds,
)
from local_earthengine.scenes.sentinel1_properties import Taken, properties_of
from local_earthengine.scenes.synthetic.noise import key_of, share_of
from local_earthengine.scenes.synthetic.passes import (
    SLICE_LENGTH,
    SLICE_STEP,
    SLICES_IN_ORBIT,
    Slice,
    slices_near,
    slices_over,
)
from local_earthengine.scenes.synthetic.pixels import Strip

_COLLECTIONS: Final = (FLOAT_COLLECTION, DB_COLLECTION)
_INDEX: Final = re.compile(
    r"S1(?P<platform>[A-D])_.{12}_(?P<start>[0-9T]{15})_.{15}_(?P<orbit>[0-9]{6})_.{11}"
)
_MAX_LOOKED_THROUGH: Final = 100_000  # slices times cycles that are looked through for one answer


@dataclass(frozen=True)
class Mode:
    """How a pass was taken: instrument mode, product, pixel in metres, polarisations."""

    name: str
    product: str
    resolution: str
    pixel: int
    polarisations: tuple[str, ...]
    code: str


_IW_DUAL: Final = Mode("IW", "GRDH", "H", 10, ("VV", "VH"), "DV")
# What a share of the passes is taken in instead: below 4 %, below 7 %, below 10 %.
_UNUSUAL: Final = (
    (0.04, Mode("IW", "GRDH", "H", 10, ("VV",), "SV")),
    (0.07, Mode("IW", "GRDH", "H", 10, ("HH", "HV"), "DH")),
    # EW's wider swath is not modelled: its scenes cover the same strip, more coarsely.
    (0.10, Mode("EW", "GRDM", "M", 40, ("HH", "HV"), "DH")),
)


@dataclass(frozen=True)
class Acquisition:
    """One slice, seen by one platform on one of its orbits."""

    platform: Platform
    orbit: int
    piece: Slice
    mode: Mode

    @property
    def start(self) -> datetime:
        """When the first line was taken (UTC)."""
        return self.platform.node_time(self.orbit) + self.piece.start

    @property
    def pass_key(self) -> tuple[str, int]:
        """Platform and orbit of the data take's begin: its slices share mode and speckle."""
        return self.platform.letter, self.orbit - self.piece.taken_on

    @property
    def index(self) -> str:
        """The product's name, as ESA composes it."""
        first, last = (f"{t:%Y%m%dT%H%M%S}" for t in (self.start, self.start + SLICE_LENGTH))
        take, check = key_of("take", *self.pass_key) % 2**24, key_of(self.pass_key, first) % 2**16
        head = f"S1{self.platform.letter}_{self.mode.name}_{self.mode.product}_1S{self.mode.code}"
        return f"{head}_{first}_{last}_{self.orbit:06d}_{take:06X}_{check:04X}"


def _now() -> datetime:
    return datetime.now(UTC)


class SyntheticCatalog:
    """A catalogue of synthetic scenes: both Sentinel-1 collections, anywhere, at any time.

    `seed` picks the speckle, the moisture and which passes are unusual; orbits, footprints and
    the land are the same for all seeds. `clock` (UTC) ends the archive that bounds alone ask for.
    """

    def __init__(self, seed: int = 0, clock: Callable[[], datetime] = _now) -> None:
        self._seed = seed
        self._clock = clock

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """Return the scenes that meet `bounds` in a period; both hints are indispensable here.

        Raise EarthEngineError (400) for an unknown id, Endless (400) without the hints: with the
        archive, from the fleet's first day to now, where bounds are told.
        """
        if asset_id not in _COLLECTIONS:
            raise unknown_collection(asset_id)
        if bounds is None or start is None or end is None:
            raise Endless(
                f"ImageCollection.load: the synthetic '{asset_id}' is endless: filter it by "
                "bounds and by date (filterBounds, filterDate). Before them may stand select, "
                "sort, merge, other filters, and a map that keeps the footprint and the time.",
                archive=None if bounds is None else (start or FIRST_DAY, end or self._clock()),
            )
        cycles = max(1.0, (end - start) / CYCLE)
        if slices_near(bounds) * cycles > _MAX_LOOKED_THROUGH:
            raise EarthEngineError(
                f"ImageCollection.load: too many scenes of the synthetic '{asset_id}': narrow "
                "the bounds or the period."
            )
        taken = [one for piece in slices_over(bounds) for one in self._taken(piece, start, end)]
        taken.sort(key=lambda one: (one.start, one.index))
        return [self._scene(one, asset_id) for one in taken]

    def image(self, asset_id: str) -> Scene:
        """Return the scene of a full id that `collection` gave; time and orbit stand in its name.

        Raise EarthEngineError (400) for any other id.
        """
        folder, _, index = asset_id.rpartition("/")
        if asset_id in _COLLECTIONS:
            raise wrong_type("Image.load", asset_id, "Image", "ImageCollection")
        one = self._named(index) if folder in _COLLECTIONS else None
        if one is None:
            raise unknown_image(asset_id)
        return self._scene(one, folder)

    def _named(self, index: str) -> Acquisition | None:
        """Return the acquisition whose index this is; None if no such one was ever taken."""
        said = _INDEX.fullmatch(index)
        if said is None:
            return None
        platform, orbit = PLATFORMS[said["platform"]], int(said["orbit"])
        try:
            time = datetime.strptime(f"{said['start']}Z", "%Y%m%dT%H%M%S%z")
        except ValueError:
            return None
        number = round((time - platform.node_time(orbit)) / SLICE_STEP)
        if not 0 <= number < SLICES_IN_ORBIT:
            return None
        piece = Slice(platform.relative_orbit(orbit), number)
        one = self._acquisition(platform, orbit, piece)
        seen = platform.epoch_of(orbit).sees(one.start)
        return one if seen and one.index == index else None

    def _taken(self, piece: Slice, start: datetime, end: datetime) -> Iterator[Acquisition]:
        """Yield what the platforms took of a slice in a period."""
        for platform in PLATFORMS.values():
            for epoch in platform.epochs:
                for orbit in _orbits(epoch, piece, start, end):
                    yield self._acquisition(platform, orbit, piece)

    def _acquisition(self, platform: Platform, orbit: int, piece: Slice) -> Acquisition:
        usual = Acquisition(platform, orbit, piece, _IW_DUAL)
        draw = share_of(self._seed, "mode", *usual.pass_key)
        return next((replace(usual, mode=mode) for below, mode in _UNUSUAL if draw < below), usual)

    def _scene(self, one: Acquisition, asset_id: str) -> Scene:
        strip = Strip.of(one.piece, float(one.mode.pixel))
        day = one.start.timetuple().tm_yday
        bands = []
        for name in one.mode.polarisations:
            # HH and HV look like VV and VH here: what matters is that they are not them.
            like = {"HH": "VV", "HV": "VH"}.get(name, name)
            key = key_of(self._seed, "speckle", one.pass_key, name, strip.grid.crs)
            wetness = 1.6 * share_of(self._seed, "moisture", *one.pass_key) - 0.8
            look = like, key, day, wetness
            read, pick = partial(strip.backscatter, *look), partial(strip.backscatter_at, *look)
            linear = SceneBand(name, "float32", strip.grid, read, pick)
            bands.append(converted(linear, asset_id, "1"))
        bands.append(SceneBand("angle", "float32", strip.angle_grid, strip.angle))
        full_id = f"{asset_id}/{one.index}"
        return Scene(one.index, full_id, tuple(bands), one.piece.footprint, _properties(one))


def _orbits(epoch: Epoch, piece: Slice, start: datetime, end: datetime) -> Iterator[int]:
    """Yield the absolute orbits of an epoch on which a slice was taken in a period."""
    begin = max(start, epoch.first_day)
    stop = min(end, epoch.end_day) if epoch.end_day else end
    orbit = epoch.absolute_orbit(piece.relative_orbit, begin - PERIOD / 2)
    time = epoch.node_time(orbit) + piece.start
    while time < stop:
        if time >= begin:
            yield orbit
        orbit, time = orbit + ORBITS_IN_CYCLE, time + CYCLE


def _properties(one: Acquisition) -> dict[str, Any]:
    """Return the properties that Earth Engine's Sentinel-1 images bear.

    Orbit numbers change at the ascending node: where it lies in the slice, start and stop differ.
    """
    taken = Taken(
        platform=one.platform.letter,
        orbit=one.orbit,
        relative_orbit=one.piece.relative_orbit,
        direction=one.piece.direction,
        mode=one.mode.name,
        resolution=one.mode.resolution,
        polarisations=one.mode.polarisations,
        start=one.start,
        length=SLICE_LENGTH,
        number=one.piece.number + 1,
        data_take=key_of("take", *one.pass_key) % 2**24,
        crossings=one.piece.crossings,
    )
    end = milliseconds(one.start + SLICE_LENGTH)
    # Slices are counted from node to node here.
    whole = {"system:time_end": end, "totalSlices": SLICES_IN_ORBIT}
    return {**properties_of(taken, "synthetic"), **whole}
