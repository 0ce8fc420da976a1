"""Habits that every module keeps: a docstring, a size to read at once, no switches, no paths."""

import ast
import re

from tests.conventions.source import FUNCTIONS, LOCAL_EARTHENGINE, PACKAGE, ROOT, modules

MODULES = list(modules().values())


def test_a_module_says_what_it_is_for() -> None:
    silent = [m.name for m in MODULES if len(ast.get_docstring(m.tree) or "") <= 15]
    assert silent == []


def test_a_module_is_short_enough_to_read() -> None:
    lengths = {m.name: len(m.path.read_text(encoding="utf-8").splitlines()) for m in MODULES}
    assert {name: length for name, length in lengths.items() if length > 250} == {}


def test_a_function_is_short_enough_to_read() -> None:
    long = {
        f"{module.name}.{node.name}": length
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    }
    assert long == {}


def test_whatever_has_a_public_name_has_a_docstring() -> None:
    """Functions within functions and methods too; what overrides is described where it began."""
    trees = {module.name: module.tree for module in MODULES}
    trees |= {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in FUNCTIONS}
    silent = [
        f"{name}:{node.lineno}: {node.name}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and "override" not in map(ast.unparse, node.decorator_list)
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_asks_whether_it_runs_locally() -> None:
    """The embedded cloud is swapped in at the wire and in `bootstrap`, never by a switch."""
    switch = re.compile(r"(^|_)(local|embedded)(_|$)")
    switches = [
        f"{module.name}:{node.lineno}"
        for module in MODULES
        if module.part not in {"embedded", "cli", "local_earthengine"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If | ast.IfExp) and any(map(switch.search, _names(node.test)))
    ]
    assert switches == []


def _names(test: ast.expr) -> set[str]:
    nodes = list(ast.walk(test))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}


def test_only_bootstrap_and_the_command_read_the_environment() -> None:
    readers = {
        m.name
        for m in MODULES
        if m.part not in {"embedded", "local_earthengine"} and _reads_environment(m.tree)
    }
    cli = {name for name in readers if name.startswith("s1ratio.cli.")}
    # Google's own variable of the emulator; the client of storage leaves it to its caller.
    assert readers - cli <= {"s1ratio.bootstrap", "s1ratio.adapters.bucket.objects"}


def _reads_environment(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        for node in ast.walk(tree)
    )


def test_no_path_of_a_machine_stands_in_the_sources() -> None:
    here = re.compile(r"/(home|root|Users)/[a-z]|/tmp/")
    for folder in (PACKAGE, LOCAL_EARTHENGINE, ROOT / "functions"):
        for path in folder.rglob("*.py"):
            assert not here.search(path.read_text(encoding="utf-8")), path
