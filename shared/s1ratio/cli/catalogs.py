"""Folders of STAC items that a command was given, and what is wrong with them."""

from pathlib import Path

from s1ratio.cli.faults import BAD_INPUT, print_failure, print_faults


def unfit_errors(catalog: Path | None) -> tuple[type[Exception], ...]:
    """Return what a folder raises that is unfit; without one nothing, and nothing is loaded."""
    if catalog is None:
        return ()
    from s1ratio.embedded.cloud import UNFIT_FOLDER

    return UNFIT_FOLDER


def print_unfit(error: Exception, catalog: Path | None, *, as_json: bool) -> int:
    """Print what is wrong with a folder, every fault in a line; return the exit status."""
    from s1ratio.embedded.cloud import faults_of

    faults = faults_of(error)
    if len(faults) == 1:
        return print_failure(error, BAD_INPUT, as_json=as_json)
    return print_faults(str(catalog), faults, as_json=as_json)
