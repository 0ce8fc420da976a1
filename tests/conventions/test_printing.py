"""What is printed goes through the modules that make text harmless, and through no other way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions.source import Module, modules

COMMANDS = [m for m in modules().values() if m.part in {"cli", "embedded"}]
SERVER = [m for m in modules().values() if m.part == "local_earthengine"]
WAYS = {"print", "input", ".print", ".log", ".rule", ".add_row", ".print_json", ".out"}
WAYS |= {"Console", "Table", ".from_markup", ".from_ansi", ".render_str", ".write"}
HOMES = {
    "s1ratio.cli.terminal": {"print"},
    "s1ratio.cli.screen": {"Console", "Table", ".print", ".add_row"},
    "s1ratio.cli.streams": {".write"},  # what the streams themselves are
}


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield each call with the last part of the name that is called."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node, node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node, f".{node.func.attr}"


def printing(module: Module) -> list[str]:
    """Return where a module prints by itself, and how."""
    return [f"{module.name}:{call.lineno} {name}" for call, name in calls(module) if name in WAYS]


def test_only_one_module_prints_and_one_knows_rich() -> None:
    found = [
        place
        for module in COMMANDS
        for place in printing(module)
        if place.rpartition(" ")[2] not in HOMES.get(module.name, set())
    ]
    assert found == []


def test_nothing_is_written_past_them() -> None:
    writers = [
        f"{module.name}:{node.lineno}"
        for module in COMMANDS
        if module.name != "s1ratio.cli.terminal"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"stdout", "stderr"}
        and isinstance(node.value, ast.Name)
    ]
    assert writers == []


def test_the_parsers_are_those_whose_complaints_are_plain() -> None:
    made = [
        f"{module.name}:{call.lineno}"
        for module in [*COMMANDS, *SERVER]
        for call, name in calls(module)
        if name in {".ArgumentParser", "ArgumentParser"}
    ]
    assert made == []


def test_a_progress_bar_takes_no_markup() -> None:
    columns = [
        (call, module)
        for module in COMMANDS
        for call, name in calls(module)
        if name == "TextColumn"
    ]
    assert columns
    for call, module in columns:
        said = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert said.get("markup") == "False", f"{module.name}:{call.lineno}"


def test_the_local_earth_engine_prints_plain_text() -> None:
    """Of what it prints all is made plain but the lines that connect a client, which are ours."""
    found = {
        ast.unparse(call.args[0])
        for module in SERVER
        for call, name in calls(module)
        if name == "print"
    }
    progress = {  # their words are made plain before
        "f'{words}: {time.monotonic() - began:.0f} s so far'",
        "'\\r' + shown.ljust(width)",
        "'\\r' + ' ' * width",
    }
    assert found == {"plain(words)", "_CONNECT.format(url=server.url)", *progress}


@pytest.mark.parametrize(
    "source",
    [
        "print(f'{task.id}')",
        "console.print(task.error, markup=False)",
        "table.add_row(task.id)",
        "Console().print(words)",
        "Text.from_markup(words)",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    module = Module("s1ratio.cli.status", Path("status.py"), ast.parse(source))
    assert printing(module)
