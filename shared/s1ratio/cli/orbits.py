"""What `s1ratio validate --find-orbits` asks for: the orbits that see an area in a period."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from s1ratio.cli.waiting import tell_doing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from s1ratio.faults import Fault
    from s1ratio.plan import OrbitPass
    from s1ratio.request import CompositeRequest
    from s1ratio.settings import Settings


def find_orbits(
    options: argparse.Namespace, request: CompositeRequest, settings: Settings
) -> tuple[str, tuple[OrbitPass, ...]]:
    """Return who was asked, in words, and the passes that have scenes, of those that are named.

    That is the Earth Engine of the environment's deployment, or, without one or with --catalog, a
    local one. Raises InvalidRequest where no scene meets the area, EarthEngineFault.
    """
    from s1ratio.errors import InvalidRequest
    from s1ratio.plan import named_passes
    from s1ratio.services.requesting.expand import no_scenes

    asked = _asked(options)
    tell_doing(f"asking {asked} for the orbits")
    if options.catalog is None and os.environ.get("S1RATIO_PROJECT"):
        from s1ratio.bootstrap import make_earth_engine
        from s1ratio.services.requesting.search import find_in_parts

        found = find_in_parts(make_earth_engine(settings).find_passes, request)
    else:
        from s1ratio.embedded.passes import find_local_passes

        found = find_local_passes(request, options.catalog)
    named = named_passes(request)
    if named is not None:
        meant = {(each.orbit, each.direction) for each in named}
        seen = found
        found = tuple(each for each in seen if (each.orbit, each.direction) in meant)
        if seen and not found:
            raise InvalidRequest([_none_of_named(request, seen)])
    if not found:
        raise InvalidRequest([no_scenes(request)])
    return asked, found


def absence_notes(request: CompositeRequest, found: Iterable[OrbitPass]) -> list[str]:
    """Return which of the orbits that a request names have no scene, in words."""
    there = {each.orbit for each in found}
    return [_absence(request, orbit) for orbit in request.orbits or () if orbit not in there]


def _absence(request: CompositeRequest, orbit: int) -> str:
    from s1ratio.ground_tracks import advise_southern

    words = f"no scene of orbit {orbit} meets the area in the period: its export will be EMPTY"
    advice = advise_southern(request, orbit)
    return f"{words}; {advice}" if advice else words


def _none_of_named(request: CompositeRequest, seen: Iterable[OrbitPass]) -> Fault:
    """Return the fault of a request whose area only other orbits see than those that it names."""
    from s1ratio.faults import Fault

    there = ", ".join(f"{each.orbit} {each.direction.value}" for each in seen)
    words = "; ".join(absence_notes(request, ()))
    return Fault("orbits", "no_scenes", f"{words}; there are scenes of {there}")


def _asked(options: argparse.Namespace) -> str:
    if options.catalog is not None:
        return f"a local Earth Engine over {options.catalog}"
    project = os.environ.get("S1RATIO_PROJECT")
    if project:
        return f"Earth Engine, in project {project}"
    return "a local Earth Engine over synthetic scenes, as no S1RATIO_PROJECT is set,"
