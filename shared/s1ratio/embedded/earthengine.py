"""The local Earth Engine's own command, its operations kept where a run keeps its state."""

import argparse
from pathlib import Path
from typing import Final

from local_earthengine import command
from s1ratio.embedded.scenes import OtherScenes, check_scenes

STATE: Final = ".s1ratio"  # the folder of all that is kept beside the exports
DESCRIPTION: Final = command.DESCRIPTION
EPILOG: Final = command.EPILOG


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `serve` takes."""
    command.add_options(parser)


def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated; return the exit status."""
    try:
        check_scenes(options.out, options.out / STATE, synthetic=options.catalog is None)
    except OtherScenes as error:
        return command.refuse(str(error))
    return command.serve(options, state_folder(options.out))


def state_folder(out: Path) -> Path:
    """Return the folder of the operations whose exports go to `out`."""
    return out / STATE / "earthengine"
