"""The yearly report: eleven tables of Implementing Regulation (EU) 2024/2835, filled.

CSV by RFC 4180 in UTF-8; counts are whole numbers, medians hours; `0` is what could have happened
and did not, blank what Ombud cannot know or what does not apply, with a word beside it where the
sheet has room. This module must never fill a cell with a guess.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ombud import clock, config, spreadsheet
from ombud.config import STORE_FILE, Settings
from ombud.dsa import codes, sheets, texts
from ombud.dsa.accuracy import System
from ombud.dsa.statements import Begin
from ombud.dsa.tallies import Counting, Found, Period, Row, Tally, median
from ombud.errors import BadData, BadUse
from ombud.rules.categories import CATEGORIES, OTHER
from ombud.store.sqlite import Store

Cells = Sequence[object]

_UNTOLD = "Of the notices that led to no decision it is not kept which came from trusted flaggers."
_REPORTS = "Members' reports against the rules are no notices under Article 16 and not counted."
_UNKNOWN = "Not known: nobody labels a random part of all that no rule met."
_PRECISION = (
    "Not put together: {certified} of the {alone} measures of rules alone were taken under "
    "certificates, whose precision is told in rows of their own. Complaints decided about measures "
    "of rules alone: {decided}, {changed} of them reversed or in part; that is no error rate, "
    "since not everybody complains."
)
_BY_PEOPLE = "Told of each rule in rows of its own, whatever brought a post before it."
_OF_AUDIT = "{right} of {labels} actions that were drawn at random and labelled blindly were right"
_OF_SAMPLE = "{right} of {labels} hits of the sample before it acted, labelled blindly, were right"
_SYSTEM = (
    "{of}; at least {least} at 95 % confidence. {who} Of {acted} actions since the certificate was "
    "granted people took back {overturned}."
)
_OUTSIDE = "Not kept by Ombud: to be filled in."
_NO_WAY = "Who sends a notice has no complaint within Ombud: to be filled in."
_NO_SUCH = "Ombud has no such measure: to be filled in where the provider has."
_NO_BILLS = "Ombud does not restrict the ability to monetise information."


@dataclass(frozen=True, slots=True)
class Told:
    """What the report says beside what was counted; `published` and `previous` are days."""

    period: Period
    published: str
    previous: str
    settings: Settings

    @property
    def service(self) -> str:
        """The service the report is about."""
        return self.settings.dsa.service or self.settings.name

    def left(self, whom: str) -> tuple[str, str, str]:
        """The first cells of most rows."""
        return whom, self.service, str(self.period)


def write(folder: Path, out: Path, period: Period, previous: str, begin: Begin) -> dict[str, Any]:
    """Count a period of a community and write the eleven files.

    Raises BadData D004, BadUse U381 where they cannot be written, U386 for what is no period.
    """
    if not (folder / STORE_FILE).exists():
        raise BadData("D004", str(folder), path=folder)
    path = folder / config.SETTINGS_FILE
    settings = (
        config.parse_settings(config.read_file(path), str(path)) if path.exists() else Settings()
    )
    if previous:
        _ = Period(previous, previous).bounds  # refuses what is no day
    told = Told(period, clock.day(clock.now()), previous, settings)
    step = begin(2)
    store = Store(folder / STORE_FILE, readonly=True)
    try:
        store.check_version()
        found = Counting(store, period, settings.dsa.flags).count()
    finally:
        store.close()
    if step is not None:
        step(1)
    names = _keep(out, dict(zip(sheets.NAMES, tables(told, found), strict=True)))
    if step is not None:
        step(2)
    return {
        "period": {"first": period.first, "last": period.last},
        "files": [str(out / name) for name in names],
        "measures": found.own.count(Row(sheets.TOTAL), 0),
        "notices": found.notices.count(Row(sheets.TOTAL), 0),
        "complaints": found.complaints[sheets.SUBMITTED, sheets.NUMBER],
        "orders": sum(found.orders[sheets.TOTAL].count(Row(sheets.TOTAL), each) for each in (0, 4)),
    }


def tables(told: Told, found: Found) -> Iterator[list[Cells]]:
    """The eleven sheets in order, each with its head."""
    yield [sheets.SUMMARY_HEAD, *_summary(told)]
    yield [sheets.NAMES_HEAD, *_names(found)]
    yield [sheets.ORDERS_HEAD, *_orders(told, found)]
    yield [sheets.NOTICES_HEAD, *_notices(told, found)]
    yield [sheets.ILLEGAL_HEAD, *_measures(told, Tally(), 5)]
    yield [sheets.TERMS_HEAD, *_measures(told, found.own, 6)]
    yield [sheets.APPEALS_HEAD, *_appeals(told, found)]
    yield [sheets.APPEALS_HEAD, *_automated(told, found)]
    yield [sheets.LARGE_HEAD, *_people(told)]
    yield [sheets.AMAR_HEAD, *_active(told)]
    yield [sheets.TEXTS_HEAD, *_texts(told, found)]


def _keep(out: Path, found: dict[str, list[Cells]]) -> list[str]:
    names = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, rows in found.items():
            part = out / f"{name}.csv.new"
            with part.open("wb") as file:
                file.write(content(rows).encode())
            part.replace(out / f"{name}.csv")
            names.append(f"{name}.csv")
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise BadUse("U381", "--out", path=out, detail=detail) from None
    return names


def content(rows: Iterable[Cells]) -> str:
    """A table as RFC 4180 has it, with no cell that a spreadsheet would take for a formula."""
    table = io.StringIO()
    csv.writer(table).writerows([_cell(each) for each in row] for row in rows)
    return table.getvalue()


def _cell(value: object) -> object:
    return spreadsheet.cell(value) if isinstance(value, str) else value


def _blank(value: float | None) -> object:
    return "" if value is None else value


# --- sheets 1 and 2 -------------------------------------------------------------------------------


def _summary(told: Told) -> Iterator[Cells]:
    days = (told.published, told.previous, told.period.first, told.period.last)
    values = (told.settings.dsa.provider, *days)
    for indicator, value in zip(sheets.SUMMARY, values, strict=True):
        yield sheets.ALL, told.service, indicator, value


def _names(found: Found) -> Iterator[Cells]:
    """Each code in words, and the clauses that are counted there."""
    clauses: dict[tuple[str, str], set[str]] = {}
    for row, grounds in found.clauses.items():
        for keyword in ("", row.keyword):
            clauses.setdefault((row.category, keyword), set()).update(grounds)
    for category, keywords in CATEGORIES.items():
        for keyword in ("", *keywords):
            counted = "; ".join(sorted(clauses.get((category, keyword), ())))
            yield _words(keyword or category), _words(category), keyword or category, counted


def _words(code: str) -> str:
    """A code in words: `Scams and fraud`."""
    words = code.removeprefix("STATEMENT_CATEGORY_").removeprefix("KEYWORD_").replace("_", " ")
    return "Other" if code == OTHER else words.capitalize()


# --- sheets 3 to 6: by category -------------------------------------------------------------------


def _by_category(sheet: int, tally: Tally) -> Iterator[tuple[str, str, Row]]:
    """The rows of a sheet: code, description, and where it is counted. An other one has a row for
    each description, and one without where there is none.
    """
    for line in sheets.lines(sheet):
        if line.keyword != OTHER:
            yield line.code, "", Row(line.category, line.keyword)
            continue
        for described in tally.others(line.category) or [""]:
            yield line.code, described, Row(line.category, OTHER, described)


def _orders(told: Told, found: Found) -> Iterator[Cells]:
    for scope in (sheets.TOTAL, *codes.MEMBER_STATES):
        tally = found.orders.get(scope, Tally())
        for code, described, row in _by_category(3, tally):
            values = [
                _blank(tally.median(row, each)) if each in (2, 3, 5, 6) else tally.count(row, each)
                for each in range(len(sheets.ORDERS))
            ]
            yield (*told.left(sheets.ALL), code, described, scope, *values, *[""] * len(values))


def _notices(told: Told, found: Found) -> Iterator[Cells]:
    tally = found.notices
    reports = told.settings.dsa.flags != "notices"
    for code, described, row in _by_category(4, tally):
        values = [
            _blank(tally.median(row, each)) if each in (4, 5) else tally.count(row, each)
            for each in range(len(sheets.NOTICES))
        ]
        about = [""] * len(values)
        if code == sheets.TOTAL:
            about[0] = _REPORTS if reports else ""
            about[1] = about[3] = _UNTOLD
        yield (*told.left(sheets.HOSTING), code, described, *values, *about)


def _measures(told: Told, tally: Tally, sheet: int) -> Iterator[Cells]:
    """Sheet 5 or 6. All that is decided rests on a clause: of sheet 5 nothing happened."""
    known = {0, 1, *sheets.COLUMN_OF.values()}
    columns = range(len(sheets.MEASURES))
    for code, described, row in _by_category(sheet, tally):
        values = [tally.count(row, each) if each in known else "" for each in columns]
        said = code == sheets.TOTAL
        about = [_NO_SUCH if said and each not in known else "" for each in columns]
        yield (*told.left(sheets.ALL), code, described, *values, *about)


# --- sheets 7 and 8 -------------------------------------------------------------------------------


def _appeals(told: Told, found: Found) -> Iterator[Cells]:
    for whom, section, indicator, scope in sheets.appeals():
        value, about = _appealed(found, section, indicator, scope)
        yield (*told.left(whom), section, indicator, scope, value, about)


def _appealed(found: Found, section: str, indicator: str, scope: str) -> tuple[object, str]:
    """A value of sheet 7, and a word about it."""
    if section != sheets.COMPLAINTS:
        return "", _OUTSIDE
    if indicator in (sheets.NO_ACTION, sheets.NO_ACTION_TRUSTED):
        return "", _NO_WAY
    if indicator == sheets.MONEY:
        return "", _NO_BILLS
    if indicator == sheets.IMPOSED:
        return 0, ""
    if scope == sheets.MEDIAN:
        return _blank(median(found.lengths.get(indicator, ()))), ""
    return found.complaints[indicator, scope], ""


def _automated(told: Told, found: Found) -> Iterator[Cells]:
    for whom, indicator, scope in sheets.automated():
        value: object = ""
        about = ""
        if whom != sheets.LARGE:
            if indicator in (sheets.TAKEN_BY, sheets.NOTICES_BY):
                value = found.automated[scope, True]
            elif indicator in (sheets.NOT_TAKEN_BY, sheets.NOTICES_NOT_BY):
                value = found.automated[scope, False]
            else:
                about = _how_right(found, indicator, scope)
        yield (*told.left(whom), sheets.AUTOMATED, indicator, scope, value, about)
    for each in found.systems:
        scope = sheets.SYSTEM.format(rule=each.rule, day=each.since)
        for indicator, value, about in _system(each):
            yield (*told.left(sheets.ALL), sheets.AUTOMATED, indicator, scope, value, about)


def _how_right(found: Found, indicator: str, scope: str) -> str:
    """Why no figure stands for all systems together."""
    if indicator != sheets.PRECISION:
        return _UNKNOWN
    if scope not in (sheets.NUMBER, sheets.OWN):
        return _BY_PEOPLE
    return _PRECISION.format(
        certified=sum(each.measures for each in found.systems),
        alone=found.automated[sheets.NUMBER, True],
        decided=found.against_rules.decided,
        changed=found.against_rules.changed,
    )


def _system(each: System) -> Iterator[tuple[str, object, str]]:
    """The rows of one rule under a certificate: indicator, value and a word about it."""
    of = _OF_AUDIT if each.audited else _OF_SAMPLE
    right, labels = each.labels
    about = _SYSTEM.format(
        of=of.format(right=right, labels=labels),
        least=each.at_least,
        who="One person labelled." if each.alone else "Several people labelled.",
        acted=each.acted,
        overturned=each.overturned,
    )
    yield sheets.TAKEN_BY, each.measures, ""
    for indicator in sheets.RIGHT:
        if indicator == sheets.PRECISION:
            yield indicator, each.precision, about
        else:
            yield indicator, "", _UNKNOWN


# --- sheets 9 to 11 -------------------------------------------------------------------------------


def _people(told: Told) -> Iterator[Cells]:
    """Of very large platforms alone; Ombud does not know who is employed."""
    rows = [(each, sheets.NUMBER) for each in sheets.MODERATORS]
    rows += [(sheets.MODERATORS[-1], lang) for lang in sheets.OFFICIAL]
    for indicator, scope in rows:
        yield (*told.left(sheets.LARGE), sheets.PEOPLE, indicator, scope, "", "")


def _active(told: Told) -> Iterator[Cells]:
    """Of very large services alone; Ombud does not count who only reads."""
    for scope in (sheets.TOTAL, *codes.MEMBER_STATES):
        yield (*told.left(sheets.LARGE_ENGINES), "AMAR", sheets.ACTIVE, scope, "")


def _texts(told: Told, found: Found) -> Iterator[Cells]:
    alone, together = (found.automated[sheets.NUMBER, each] for each in (True, False))
    for indicator, text in texts.texts(alone, together):
        yield (*told.left(sheets.ALL), indicator, text)
    for indicator in sheets.TEXTS_OF_LARGE:
        yield (*told.left(sheets.LARGE), indicator, "")
