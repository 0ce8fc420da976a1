"""`s1ratio completion`: a script that completes commands, actions and options in a shell.

It is made of the command's own parsers, so that it knows what they know; the shell starts nothing
while somebody types.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from s1ratio.cli.terminal import print_line

_BASH = """_s1ratio() {
    local word="${COMP_WORDS[COMP_CWORD]}" path="" each
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$each" in -*) ;; *) path="$path $each" ;; esac
    done
    while :; do
        case "$path" in
"""
_BASH_END = """            *" "*) path="${path% *}"; continue ;;
        esac
        break
    done
}
complete -o default -F _s1ratio s1ratio"""
_ZSH = "autoload -U +X bashcompinit && bashcompinit"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Prints a script for a shell. In ~/.bashrc: source <(s1ratio completion bash); in ~/.zshrc "
        "the same with zsh, after compinit; for fish: s1ratio completion fish > "
        "~/.config/fish/completions/s1ratio.fish"
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))
    parser.set_defaults(command=_completion)


def _completion(options: argparse.Namespace) -> int:
    make = _fish if options.shell == "fish" else _bash
    if options.shell == "zsh":
        print_line(_ZSH)
    for line in make():
        print_line(line)
    return 0


def _words() -> Iterator[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """Yield each command, and each action of one, with the words and options that it takes."""
    from s1ratio.cli.main import COMMANDS, make_parser

    yield (), [(name, command.help) for name, command in COMMANDS.items()]
    for name in COMMANDS:
        yield from _below((name,), _child(make_parser(name), name))


def _below(
    path: tuple[str, ...], parser: argparse.ArgumentParser
) -> Iterator[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    words: list[tuple[str, str]] = []
    actions: list[str] = []
    for action in parser._actions:
        words += [(option, action.help or "") for option in action.option_strings]
        if action.choices is not None and not action.option_strings:
            named = list(map(str, action.choices))
            words += [(one, "") for one in named]
            if isinstance(action, argparse._SubParsersAction):
                actions = named
    yield path, words
    for one in actions:
        yield from _below((*path, one), _child(parser, one))


def _child(parser: argparse.ArgumentParser, name: str) -> argparse.ArgumentParser:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found: argparse.ArgumentParser = action.choices[name]
            return found
    raise ValueError(name)


def _bash() -> Iterator[str]:
    yield from _BASH.rstrip("\n").split("\n")
    for path, words in _words():
        place = "".join(f" {part}" for part in path)
        told = " ".join(word for word, _ in words)
        yield f"""            "{place}") COMPREPLY=($(compgen -W "{told}" -- "$word")) ;;"""
    yield from _BASH_END.split("\n")


def _fish() -> Iterator[str]:
    for path, words in _words():
        when = " and ".join(f"__fish_seen_subcommand_from {part}" for part in path)
        condition = (
            f"-n '{when.replace(' and ', '; and ')}'" if when else "-n __fish_use_subcommand"
        )
        for word, help_text in words:
            said = " ".join(help_text.replace("'", "").replace("\\", "").split())
            kind = f"-l {word[2:]}" if word.startswith("--") else f"-a {word}"
            kind = f"-s {word[1:]}" if len(word) == 2 and word[0] == "-" else kind
            yield f"complete -c s1ratio {condition} {kind} -d '{said}'"
