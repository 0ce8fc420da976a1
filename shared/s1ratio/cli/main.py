"""`s1ratio`: the command's arguments, and which function does what they ask."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any, NamedTuple

from s1ratio.cli.arguments import shield
from s1ratio.cli.faults import (
    BAD_INPUT,
    FAILED,
    INTERRUPTED,
    print_failure,
    print_faults,
    print_missing,
    print_refusal,
)
from s1ratio.cli.terminal import JsonParser, Parser, flush_output, prepare_streams, print_line
from s1ratio.cli.waiting import tell_waiting
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
    "publish": Command("publish an area, or each of a file's, as a request", "cli,client"),
    "list": Command("list requests, newest first", "cli,client"),
    "status": Command("show how far a request is", "cli,client"),
    "wait": Command("wait until a request has ended", "cli,client"),
    "results": Command("show or fetch the files of a request", "cli,client"),
    "cancel": Command("cancel a request, or some tasks", "cli,client"),
    "retry": Command("start what failed or was cancelled once more", "cli,client"),
    "resubmit": Command("export anew what has ended, whatever it came to", "cli,cloud"),
    "raise": Command("give a request another priority", "cli,cloud"),
    "regions": Command("apply, list, pause, backfill, … standing regions", "cli,client"),
    "rejections": Command("show which messages were refused, and why", "cli,client"),
    "feeds": Command("apply, list, show how sources of alerts are read", "cli,cloud"),
    "rules": Command("apply, list, show, test what alerts become", "cli,cloud"),
    "silences": Command("apply, list, show what is requested for nobody", "cli,cloud"),
    "incidents": Command("list and show alerts that are one happening", "cli,client"),
    "watches": Command("list and show the passes that incidents wait for", "cli,cloud"),
    "why": Command("show what became of an alert or an incident, or why nothing did", "cli,client"),
    "serve": Command("serve what became of requests, as JSON over HTTP", "cli,cloud,serve"),
    "profiles": Command("show which deployments you work with", "client"),
    "completion": Command("print what completes these words in bash, zsh or fish", ""),
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
  s1ratio publish area.geojson --start 2023-05-01 --end 2023-07-01
                                                what the message asks for, published
  s1ratio list --since 7d --state FAILED        what failed of the last week
  s1ratio status my-request                     how far it is
  s1ratio wait my-request --timeout 6h          until it has ended: the exit status tells
  s1ratio results my-request --download here    its files, fetched
  s1ratio cancel my-request --dry-run           what would be cancelled
  s1ratio retry --error resources               start what failed for its size once more
  s1ratio resubmit --task my-request-o131a      export it anew, whatever it came to
  s1ratio raise my-request --priority 500       it goes before what has a lower one
  s1ratio rejections                            which messages were refused, and why
  s1ratio regions apply regions.yaml            what is to be made again and again
  s1ratio feeds apply shipped                   how GDACS, USGS, CAP and others are read
  s1ratio rules test all alert.json             what an alert would lead to, and why not
  s1ratio why usgs:us7000abcd                   what became of it
  s1ratio serve --out out                       all of it as JSON, on a port of this machine
  s1ratio schema > message.schema.json          the JSON Schema of a message
  s1ratio redrive --dry-run                     what of the dead letters would be sent again
  s1ratio smoke                                 whether a deployment works, by a tiny request
  s1ratio earthengine --port 8800 --out ee      an Earth Engine for your own scripts
"""


# It says itself what it is at, and serves until it is stopped.
_TELLS_ITSELF = {"earthengine", "serve"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status (0 done, 1 failed, 2 bad input, 3 not yet)."""
    prepare_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in words if word in COMMANDS), "")
    if arguments is not None or name in _TELLS_ITSELF:  # called by a program, which waits
        return _run(name, words)
    with tell_waiting(f"s1ratio {name} is at work"):
        return _run(name, words)


def _run(name: str, words: list[str]) -> int:
    """Run a command, and see that what it printed is written."""
    # argparse takes the beginnings of an option's name for it.
    as_json = any("--json".startswith(word) for word in words if word.startswith("--j"))
    try:
        status = _call(name, words, as_json)
    except SystemExit as end:  # after --help, --version or a wrong argument
        if end.code == 0 and (failed := _flush(as_json)):
            return failed
        raise
    failed = _flush(as_json, told=status != 0)
    return status or failed


def _call(name: str, words: list[str], as_json: bool) -> int:
    try:
        options = make_parser(name, as_json).parse_args(list(map(shield, words)))
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except InvalidSettings as error:
        return print_faults("the environment", error.faults, as_json=as_json)
    except KeyboardInterrupt:
        told = "interrupted: the same command goes on where it stopped"
        return print_refusal(told, INTERRUPTED, as_json=as_json)
    except BrokenPipeError:
        return FAILED
    except ModuleNotFoundError as error:
        return print_missing(error, name, COMMANDS[name].extras, as_json=as_json)
    except (S1RatioError, OSError) as error:
        return print_failure(error, as_json=as_json)


def _flush(as_json: bool, *, told: bool = False) -> int:
    """Return 0, or the exit status where what was printed can't be written.

    What went wrong before was `told` already.
    """
    try:
        flush_output()
    except BrokenPipeError:
        return FAILED
    except OSError as error:
        return FAILED if told else print_failure(error, as_json=as_json)
    return 0


class _Version(argparse.Action):
    """--version: which software this is, as tasks tell it that it has made."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print the version, and exit."""
        from s1ratio.software import describe_software

        print_line(f"{parser.prog} {describe_software()}")
        parser.exit()


def _show_commands(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return BAD_INPUT


def make_parser(name: str = "", as_json: bool = False) -> argparse.ArgumentParser:
    """Return a parser that knows every command, and the arguments of the one of this name."""
    parser = (JsonParser if as_json else Parser)(
        prog="s1ratio",
        description="Sentinel-1 VV/VH ratio composites.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    told = "show program's version number and exit"
    parser.add_argument("--version", action=_Version, nargs=0, help=told)
    # Who types nothing is new here, and is shown what there is.
    parser.set_defaults(command=lambda _: _show_commands(parser))
    commands = parser.add_subparsers(required=False, metavar="COMMAND")
    for each, command in COMMANDS.items():
        added = commands.add_parser(each, help=command.help)
        if each == name:
            module = f"{each}_" if iskeyword(each) else each
            import_module(f"s1ratio.cli.{module}").add_arguments(added)
    return parser


if __name__ == "__main__":
    sys.exit(main())
