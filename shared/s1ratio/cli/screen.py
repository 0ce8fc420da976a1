"""Rich's console and its tables, which take text as text: nothing in it is markup, none acts.

All that is printed in colour or in columns goes through here; Rich takes a plain `str` for markup
in most places.
"""

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


def new_table(*columns: str, title: str | None = None, show_header: bool = True) -> Table:
    """Return an empty table with these columns; they fold what is too wide."""
    made = Table(title=None if title is None else shown(title), show_header=show_header)
    for words in columns:
        made.add_column(shown(words), overflow="fold")
    return made


def add_row(table: Table, *cells: object) -> None:
    """Add a row, each cell in one line."""
    table.add_row(*map(shown, cells))


def show_table(console: Console, table: Table) -> None:
    """Print a table that was made here."""
    console.print(table)
