"""`s1ratio`: the command's arguments, and which function does what they ask."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from typing import NamedTuple

from s1ratio.cli.faults import FAILED, print_failure, print_faults, print_missing
from s1ratio.cli.terminal import Parser, prepare_streams, print_error
from s1ratio.errors import InvalidSettings, S1RatioError


class Command(NamedTuple):
    """What a command does, in a line, and the extras that bring what it imports."""

    help: str
    extras: str


# Each stands in a module of its name, which is loaded when the command is called for, not before: a
# command that needs little works where little is installed.
COMMANDS = {
    "run": Command("run one message end to end on this machine", "local"),
    "validate": Command("show what a message asks for, or all its faults (exit status 2)", "cli"),
    "status": Command("show how far a request is", "cli,cloud"),
    "cancel": Command("cancel a request, or some tasks", "cli,cloud"),
    "retry": Command("start what failed or was cancelled once more", "cli,cloud"),
    "resubmit": Command("export anew what has ended, whatever it came to", "cli,cloud"),
    "raise": Command("give a request another priority", "cli,cloud"),
    "schema": Command("print the JSON Schema of a message", ""),
    "redrive": Command("send dead letters back to the topic of requests", "cloud"),
    "smoke": Command("publish a tiny request and wait until it is VERIFIED", "cloud"),
    "earthengine": Command("serve a local Earth Engine", "earthengine"),
}
_EXAMPLES = """examples:
  s1ratio run message.json --out out            one message end to end, no account needed
  s1ratio run message.json --out out --catalog my-scenes
                                                the same over a folder of STAC items
  s1ratio validate message.json                 what the message asks for, or all its faults
  s1ratio status my-request                     how far it is
  s1ratio cancel my-request --dry-run           what would be cancelled
  s1ratio retry --error resources               start what failed for its size once more
  s1ratio resubmit --task my-request-o131a      export it anew, whatever it came to
  s1ratio raise my-request --priority 500       it goes before what has a lower one
  s1ratio schema > message.schema.json          the JSON Schema of a message
  s1ratio redrive --dry-run                     what of the dead letters would be sent again
  s1ratio smoke                                 whether a deployment works, by a tiny request
  s1ratio earthengine --port 8800 --out ee      an Earth Engine for your own scripts
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status (0 done, 1 failed, 2 bad input, 3 not yet)."""
    prepare_streams()
    words = sys.argv[1:] if arguments is None else arguments
    name = next((word for word in words if word in COMMANDS), "")
    try:
        options = _parser(name).parse_args(words)
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except InvalidSettings as error:
        return print_faults("the environment", error.faults)
    except KeyboardInterrupt:
        print_error("interrupted: the same command goes on where it stopped")
        return 130
    except BrokenPipeError:
        return FAILED
    except ModuleNotFoundError as error:
        return print_missing(error, name, COMMANDS[name].extras)
    except (S1RatioError, OSError) as error:
        return print_failure(error)


def _parser(name: str = "") -> argparse.ArgumentParser:
    """Return a parser that knows every command, and the arguments of the one of this name."""
    parser = Parser(
        prog="s1ratio",
        description="Sentinel-1 VV/VH ratio composites.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('s1ratio')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each, command in COMMANDS.items():
        added = commands.add_parser(each, help=command.help)
        if each == name:
            module = f"{each}_" if iskeyword(each) else each
            import_module(f"s1ratio.cli.{module}").add_arguments(added)
    return parser


if __name__ == "__main__":
    sys.exit(main())
