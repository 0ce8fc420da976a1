"""`s1ratio`: the command's arguments, and which function does what they ask."""

import argparse
import sys
from collections.abc import Callable, Sequence

from s1ratio.cli import (
    cancel,
    earthengine,
    redrive,
    resubmit,
    retry,
    run,
    schema,
    smoke,
    status,
    validate,
)
from s1ratio.cli.faults import FAILED, print_failure, print_faults
from s1ratio.errors import InvalidSettings, S1RatioError

_EXAMPLES = """examples:
  s1ratio run message.json --out out            one message end to end, no account needed
  s1ratio run message.json --out out --catalog my-scenes
                                                the same over a folder of STAC items
  s1ratio validate message.json                 what the message asks for, or all its faults
  s1ratio status my-request                     how far it is
  s1ratio cancel my-request --dry-run           what would be cancelled
  s1ratio retry --error resources               start what failed for its size once more
  s1ratio resubmit --task my-request-o131a      export it anew, whatever it came to
  s1ratio schema > message.schema.json          the JSON Schema of a message
  s1ratio redrive --dry-run                     what of the dead letters would be sent again
  s1ratio smoke                                 whether a deployment works, by a tiny request
  s1ratio earthengine --port 8800 --out ee      an Earth Engine for your own scripts
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status (0 done, 1 failed, 2 bad input, 3 not yet)."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except InvalidSettings as error:
        return print_faults("the environment", error.faults)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on where it stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return FAILED
    except (S1RatioError, OSError) as error:
        return print_failure(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="s1ratio",
        description="Sentinel-1 VV/VH ratio composites.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    requests = (run, validate, status, cancel, retry, resubmit)
    for module in (*requests, schema, redrive, smoke, earthengine):
        module.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
