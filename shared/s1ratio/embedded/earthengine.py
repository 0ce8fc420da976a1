"""The local Earth Engine's own command, its operations kept where a run keeps its state."""

import argparse
from contextlib import suppress
from pathlib import Path
from typing import Final

from local_earthengine import command
from s1ratio.embedded.scenes import claim_scenes, refuse_scenes

STATE: Final = ".s1ratio"  # the folder of all that is kept beside the exports
DESCRIPTION: Final = command.DESCRIPTION
EPILOG: Final = command.EPILOG


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `serve` takes."""
    command.add_options(parser)


def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated; return the exit status."""
    state, synthetic = options.out / STATE, options.catalog is None
    if words := refuse_scenes(options.out, state, synthetic=synthetic):
        return command.refuse(words)
    if synthetic:  # a catalogue may turn out to be none: who runs over it keeps the folder for it
        with suppress(OSError):  # the server tells what is wrong with the folder
            claim_scenes(state, synthetic=True)
    return command.serve(options, state_folder(options.out))


def state_folder(out: Path) -> Path:
    """Return the folder of the operations whose exports go to `out`."""
    return out / STATE / "earthengine"
