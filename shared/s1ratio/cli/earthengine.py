"""`s1ratio earthengine`: a local Earth Engine for the unmodified `ee` client."""

from s1ratio.cli.arguments import Commands
from s1ratio.embedded import earthengine


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "earthengine",
        help="serve a local Earth Engine",
        description=earthengine.DESCRIPTION,
        epilog=earthengine.EPILOG,
    )
    earthengine.add_options(parser)
    parser.set_defaults(command=earthengine.serve)
