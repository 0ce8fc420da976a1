"""Writes the tables of inputs and outputs in README.md, from the .tf files.

Run by `make infra-readme`; a test says when that was forgotten.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1]
PATH = FOLDER / "README.md"
_BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}$', re.MULTILINE | re.DOTALL)


def inputs() -> str:
    """Return the table of variables: name, type, default, meaning."""
    rows = ["| input | type | default | meaning |", "|---|---|---|---|"]
    for name, body in _blocks("variables.tf"):
        default = _argument(body, "default")
        shown = f"`{default}`" if default is not None else "required"
        rows.append(f"| `{name}` | {_type(body)} | {shown} | {_description(body)} |")
    return "\n".join(rows)


def outputs() -> str:
    """Return the table of outputs: name and meaning."""
    rows = ["| output | meaning |", "|---|---|"]
    rows += [f"| `{name}` | {_description(body)} |" for name, body in _blocks("outputs.tf")]
    return "\n".join(rows)


def text(readme: str) -> str:
    """Return the README with both tables as they should be now."""
    for name, table in (("inputs", inputs()), ("outputs", outputs())):
        begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, _, rest = readme.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"README.md has no {begin.strip()} … {end.strip()}")
        readme = f"{before}{begin}{table}{end}{after}"
    return readme


def _blocks(file: str) -> list[tuple[str, str]]:
    source = (FOLDER / file).read_text(encoding="utf-8")
    return [(name, body) for _, name, body in _BLOCK.findall(source)]


def _argument(body: str, name: str) -> str | None:
    found = re.search(rf"^  {name} +(?:= )?(.*)$", body, re.MULTILINE)
    return found[1].removeprefix("= ") if found else None


def _type(body: str) -> str:
    """Return a type in a word or two: the fields of an object are the .tf file's to tell."""
    words = _argument(body, "type") or ""
    return "`object`, see variables.tf" if words.startswith("object(") else f"`{words}`"


def _description(body: str) -> str:
    heredoc = re.search(r"description = <<-EOT\n(.*?)\n\s*EOT", body, re.DOTALL)
    if heredoc:
        return " ".join(heredoc[1].split())
    return (_argument(body, "description") or "").strip('"').replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(text(PATH.read_text(encoding="utf-8")), encoding="utf-8")
