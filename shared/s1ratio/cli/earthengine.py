"""`s1ratio earthengine`: a local Earth Engine for the unmodified `ee` client."""

import argparse

from s1ratio.embedded import earthengine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = earthengine.DESCRIPTION
    parser.epilog = earthengine.EPILOG
    earthengine.add_options(parser)
    parser.set_defaults(command=earthengine.serve)
