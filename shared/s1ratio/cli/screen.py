"""Rich's console and its tables, which take text as text: nothing in it is markup, none acts.

All that is printed in colour or in columns goes through here; Rich takes a plain `str` for markup
in most places.
"""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from s1ratio.cli.terminal import plain


def open_console(*, stderr: bool = False) -> Console:
    """Return the console on stdout, or on stderr."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def shown(value: object, style: str = "") -> Text:
    """Return a value as one line of text in a style."""
    return value if isinstance(value, Text) else Text(plain(value), style)


def say(console: Console, *parts: object, whole: bool = False) -> None:
    """Print texts side by side in a line; `whole` keeps it on one, to be copied."""
    console.print(Text.assemble(*map(shown, parts)), soft_wrap=whole)


def new_table(*columns: str, show_header: bool = True, whole: bool = False) -> Table:
    """Return an empty table with these columns.

    They fold what is too wide; in a table that is to be `whole` no cell is ever torn, see
    `show_table`.
    """
    made = Table(show_header=show_header)
    for words in columns:
        made.add_column(shown(words), overflow="fold", no_wrap=whole)
    return made


def add_row(table: Table, *cells: object) -> None:
    """Add a row, each cell in one line."""
    table.add_row(*map(shown, cells))


def show_table(console: Console, table: Table) -> None:
    """Print a table that was made here.

    Where the cells that may not fold are too wide for a table, each row is printed as lines: its
    first cell whole, and below it the others, each behind the name of its column.
    """
    if _width(table) <= console.width:
        console.print(table)
        return
    names = [column.header for column in table.columns]
    for cells in zip(*(column.cells for column in table.columns), strict=True):
        say(console, cells[0], whole=True)
        rest = zip(names[1:], cells[1:], strict=True)
        named = [Text.assemble(shown(name), " ", shown(cell)) for name, cell in rest if str(cell)]
        for line in _lines(named, console.width):
            say(console, line, whole=True)


def _width(table: Table) -> int:
    """Return how wide a table is at least, its edges included; columns that fold count as one."""
    cells = (
        max(cell_len(str(each)) for each in (column.header, *column.cells)) if column.no_wrap else 1
        for column in table.columns
    )
    return sum(cells) + 3 * len(table.columns) + 1


def _lines(parts: list[Text], width: int) -> Iterator[Text]:
    """Yield lines of whole parts, as many in each as fit."""
    line = Text()
    for part in parts:
        if line.cell_len and line.cell_len + 2 + part.cell_len > width:
            yield line
            line = Text()
        line = Text.assemble(line, "  ", part)
    if line.cell_len:
        yield line
