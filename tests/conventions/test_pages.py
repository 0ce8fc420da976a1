"""Every page can be followed: its links, its commands, its sentences."""

import argparse
import contextlib
import io
import re
from collections.abc import Iterator
from functools import cache

import pytest

from s1ratio.cli.main import main, make_parser
from tests.conventions.pages import PAGES, README, Page
from tests.conventions.source import ROOT

MAX_README_LINES = 150
MAX_WORDS = 69
_COMMAND = re.compile(r"(?:^|\s)s1ratio ([a-z]+)([^#;|]*)")
_OPTION = re.compile(r"--[a-z][a-z-]*")
_MAKE = re.compile(r"^ *make ([^#]+)")
_TARGETS = re.compile(r"^([\w.-]+):", re.MULTILINE)
_DIAGRAM = re.compile(r"^ *```mermaid\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_NODE = re.compile(r"\b([A-Za-z]\w*)([(\[{].*?[)\]}]+)")
_SOURCE = re.compile(r"--source (\S+) --target (\S+)")

WITH_ACTIONS = {"regions"}

every_page = pytest.mark.parametrize("page", PAGES, ids=str)


def commands() -> set[str]:
    """Return the commands that `s1ratio` has."""
    (found,) = (
        action
        for action in make_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return set(found.choices)


@cache
def options(*words: str) -> set[str]:
    """Return the options that a command, or an action of it, tells of when asked for help."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.raises(SystemExit):
        main([*words, "--help"])
    return set(_OPTION.findall(told.getvalue()))


def broken_links(page: Page) -> Iterator[str]:
    """Yield the links that lead to no file, or to no heading of a page."""
    for link in page.links:
        name, _, anchor = link.partition("#")
        target = page.path.parent / name if name else page.path
        if not target.exists() or (anchor and anchor not in Page(target).anchors):
            yield link


@every_page
def test_links_lead_somewhere(page: Page) -> None:
    assert list(broken_links(page)) == []


@every_page
def test_no_sentence_is_too_long(page: Page) -> None:
    long = [sentence for sentence in page.sentences if len(sentence.split()) > MAX_WORDS]
    assert long == []


def test_the_readme_is_short() -> None:
    assert len(README.text.splitlines()) <= MAX_README_LINES


@every_page
def test_commands_and_options_are_there(page: Page) -> None:
    known = commands()
    for line in page.code:
        for name, rest in _COMMAND.findall(line):
            assert name in known, line
            action = rest.split()[:1] if name in WITH_ACTIONS else []
            assert set(_OPTION.findall(rest)) <= options(name, *action), line


@every_page
def test_targets_of_make_are_there(page: Page) -> None:
    targets = set(_TARGETS.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    for line in page.code:
        for names in _MAKE.findall(line):
            assert {name for name in names.split() if "=" not in name} <= targets, line


@every_page
def test_no_node_of_a_diagram_has_two_labels(page: Page) -> None:
    for diagram in _DIAGRAM.findall(page.text):
        labels: dict[str, set[str]] = {}
        for node, label in _NODE.findall(diagram):
            labels.setdefault(node, set()).add(label)
        assert {node: each for node, each in labels.items() if len(each) > 1} == {}


def test_a_word_is_explained_once() -> None:
    page = Page(ROOT / "shared/s1ratio/README.md").text
    (table,) = re.findall(r"\| word \| meaning \|\n\|---\|---\|\n((?:\|.*\n)+)", page)
    words = [line.split("|")[1].strip() for line in table.splitlines()]
    assert "incident" in words
    assert sorted(words) == sorted(set(words))


@every_page
def test_functions_that_are_run_are_there(page: Page) -> None:
    for line in page.code:
        for source, target in _SOURCE.findall(line):
            assert f"def {target}(" in (ROOT / source).read_text(encoding="utf-8"), line
