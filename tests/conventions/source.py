"""The source tree as data: modules, and what each imports, read without importing anything."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "shared" / "s1ratio"
LOCAL_EARTHENGINE = ROOT / "shared" / "local_earthengine"
FUNCTIONS = tuple(sorted((ROOT / "functions").glob("*/main.py")))


@dataclass(frozen=True)
class Module:
    """One file, parsed."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of the house that it belongs to: `aoi`, `services`, `cli`, ...

        Of the other package, which is one part, it is `local_earthengine`.
        """
        package, _, rest = self.name.partition(".")
        return rest.split(".")[0] if package == PACKAGE.name else package


@cache
def modules() -> dict[str, Module]:
    """Return every module of both packages by its dotted name."""
    found = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *LOCAL_EARTHENGINE.rglob("*.py")]):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def imports_in(nodes: list[ast.stmt]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (module, names) of every import below some statements; no names: the module itself."""
    for top in nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.Import):
                yield from ((alias.name, ()) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, "imports are absolute"
                yield node.module or "", tuple(alias.name for alias in node.names)


def imported(nodes: list[ast.stmt]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the same, `from package import module` told as an import of the module."""
    for name, names in imports_in(nodes):
        submodules = [n for n in names if f"{name}.{n}" in modules() or name == "google.cloud"]
        yield from ((f"{name}.{n}", ()) for n in submodules)
        rest = tuple(n for n in names if n not in submodules)
        if rest or not names:
            yield name, rest
