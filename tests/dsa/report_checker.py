"""A checker of the yearly report, written from Annex I and the rules of form, not from the program.

Heads to the letter, codes and their order, whole numbers, shares and hours, sums of sub-categories,
what must be blank, and no cell that a spreadsheet would work out. Standard library only.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import NamedTuple

PUBLISHED = Path(__file__).parent / "published"
KNOWN = json.loads((PUBLISHED / "enums.json").read_text("utf-8"))
HEADS = list(csv.reader((PUBLISHED / "annex-1-heads.txt").read_text("utf-8").splitlines()))
PERIOD = re.compile(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FORMULA = re.compile(r"^[\s\"]*[=+\-@]")  # behind an apostrophe it is text
OTHER, TOTAL = "KEYWORD_OTHER", "TOTAL"
TERMS = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
MEDIANS = {3: (2, 3, 5, 6), 4: (4, 5), 5: (), 6: ()}
VALUES = {3: 7, 4: 10, 5: 16, 6: 16}
COMPLAINTS = ("Total number", "Decisions upheld", "Decisions partially reversed")
LENGTH = 5000


class Sheet(NamedTuple):
    """One sheet: its number, head and rows."""

    number: int
    head: list[str]
    rows: list[list[str]]


def read(folder: Path) -> list[Sheet]:
    """The eleven sheets of a folder, in order."""
    paths = sorted(folder.glob("*.csv"))
    assert len(paths) == 11, paths
    found = []
    for number, path in enumerate(paths, 1):
        content = path.read_bytes()
        assert content.endswith(b"\r\n"), path
        assert content.count(b"\r\n") == content.count(b"\n"), path
        table = list(csv.reader(content.decode("utf-8").splitlines(), strict=True))
        assert {len(row) for row in table} == {len(table[0])}, path
        found.append(Sheet(number, table[0], table[1:]))
    return found


def check(folder: Path) -> list[Sheet]:
    """Check a report; its sheets."""
    found = read(folder)
    for sheet, head in zip(found, HEADS, strict=True):
        assert sheet.head == head, sheet.number
        assert sheet.rows, sheet.number
        _plain(sheet)
    days = [row[3] for row in found[0].rows]
    assert all(DAY.fullmatch(day) for day in (days[1], *days[3:])), days
    assert days[2] == "" or DAY.fullmatch(days[2])
    for number in (3, 4, 5, 6):
        _by_category(found[number - 1])
    for number in (7, 8):
        _indicators(found[number - 1])
    _complaints(found[6])
    for row in found[10].rows:
        assert len(row[-1]) <= LENGTH
        assert bool(row[-1]) == (row[0] == "All"), row[3]
    for number in (9, 10):
        assert {row[6] for row in found[number - 1].rows} == {""}
    return found


def _plain(sheet: Sheet) -> None:
    """Every row of one service and one period, and no formula."""
    for row in sheet.rows:
        assert not any(FORMULA.match(cell) for cell in row), row
    if sheet.number > 2:
        assert len({(row[1], row[2]) for row in sheet.rows}) == 1
        assert PERIOD.fullmatch(sheet.rows[0][2])


def codes_of(number: int) -> list[str]:
    """The codes of a sheet in the template's order."""
    found = [TOTAL]
    for category, keywords in KNOWN["category_keywords"].items():
        if category != TERMS or number == 6:
            found += [category, *keywords]
    last = {3: ["STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"]}
    last[4] = ["STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"]
    return found + last.get(number, [])


def _by_category(sheet: Sheet) -> None:
    at = 6 if sheet.number == 3 else 5
    scopes = list(dict.fromkeys(row[5] for row in sheet.rows)) if sheet.number == 3 else [""]
    if sheet.number == 3:
        assert scopes == [TOTAL, *KNOWN["eu_countries"]]
    by_scope: dict[str, list[list[str]]] = {scope: [] for scope in scopes}
    for row in sheet.rows:
        by_scope[row[5] if sheet.number == 3 else ""].append(row)
    totals = {}
    for scope, rows in by_scope.items():
        seen = [row[3] for row in rows]
        # further rows only as described other ones
        assert [
            code for n, code in enumerate(seen) if not (n and code == seen[n - 1] == OTHER)
        ] == (codes_of(sheet.number))
        for row in rows:
            assert not row[4] or row[3] == OTHER
            _values(sheet.number, row[at : at + VALUES[sheet.number]])
        totals[scope] = _sums(sheet.number, rows, at)
    if sheet.number == 3:
        states = [totals[scope] for scope in scopes if scope != TOTAL]
        assert totals[TOTAL] == [sum(each) for each in zip(*states, strict=True)]
    if sheet.number in (5, 6):
        for row in sheet.rows:
            kinds = [int(value) for value in row[at + 2 : at + 16] if value]
            assert sum(kinds) == int(row[at]), row
            assert int(row[at + 1]) <= int(row[at])
        for column in range(16):
            assert len({row[at + column] == "" for row in sheet.rows}) == 1


def _values(number: int, values: list[str]) -> None:
    for column, value in enumerate(values):
        if column in MEDIANS[number]:
            assert value == "" or float(value) >= 0, value
        elif number in (5, 6):
            assert value == "" or value.isdigit(), value
        else:
            assert value.isdigit(), value


def _sums(number: int, rows: list[list[str]], at: int) -> list[int]:
    """The totals of a sheet, each the sum of the categories, each the sum of its keywords."""
    counts = [each for each in range(VALUES[number]) if each not in MEDIANS[number]]

    def told(row: list[str]) -> list[int]:
        return [int(row[at + each] or 0) for each in counts]

    total, within, parts = told(rows[0]), [0] * len(counts), [0] * len(counts)
    category: list[int] | None = None
    for row in [*rows[1:], None]:
        if row is None or row[3].startswith("STATEMENT_"):
            if category is not None and any(parts):
                assert parts == category, row
            if row is not None:
                category = told(row)
                within = [a + b for a, b in zip(within, category, strict=True)]
                parts = [0] * len(counts)
        else:
            parts = [a + b for a, b in zip(parts, told(row), strict=True)]
            assert all(a <= b for a, b in zip(parts, category or parts, strict=True)), row
    assert within == total, (within, total)
    return total


def _indicators(sheet: Sheet) -> None:
    for row in sheet.rows:
        value, about = row[6], row[7]
        if row[5] == "Median time":
            assert value == "" or float(value) >= 0
        elif "Accuracy" in row[4] or "Percentage" in row[5]:
            assert value == "" or 0 <= float(value) <= 1
        elif value == "":
            assert about or row[0] == "Only for VLOPs", row  # a blank says why
        else:
            assert value.isdigit(), row


def _complaints(sheet: Sheet) -> None:
    """What complaints were about adds up to all of them."""
    of = {(row[4], row[5]): row[6] for row in sheet.rows}
    about = [name for name in dict.fromkeys(row[4] for row in sheet.rows) if "regarding" in name]
    every = next(row[4] for row in sheet.rows)
    for scope in COMPLAINTS:
        parts = sum(int(of[name, scope] or 0) for name in about)
        assert parts <= int(of[every, scope])
