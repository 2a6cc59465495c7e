"""Policies: Markdown that the community publishes, read for its clauses.

    ## spam.links Links by newcomers
    harm: spam
    published: 2026-11-22
    procedural: hold 24 hours, cap 200 a day
    words: withheld
    dsa: STATEMENT_CATEGORY_SCAMS_AND_FRAUD

    The norm, in words for everybody.

A clause is one norm: heading, terms, and text up to the next heading of its level or above.
Translations stand in `spam.vi.md` under the same ids. The harms are a closed list: this module must
never take a clause about opinion, politics, ideology or religion.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import msgspec

from ombud.clock import HOUR
from ombud.model import HARMS
from ombud.rules import categories
from ombud.rules.diagnostic import WARNING, Diagnostic, Malformed, Report
from ombud.rules.lex import read, unseen
from ombud.rules.parse import CLAUSE
from ombud.rules.tree import Place
from ombud.rules.vocabulary import HOLD_MAX
from ombud.signals.resolve import duration

LANGUAGE = "en"  # of the originals
TITLE_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 10_000
CAP_MAX = 100_000
UNREADABLE = frozenset({"R001", "R002"})  # nothing of such a file is known
TERMS = ("harm", "published", "procedural", "words", "dsa")

_FILE = re.compile(r"([a-z][a-z0-9-]{0,63})(?:\.([a-z]{2,3}))?\.md", re.ASCII)
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S+)(?:[ \t]+(.*))?")
_TERM = re.compile(r"([a-z]+):[ \t]+(\S.*)", re.ASCII)
_PROCEDURAL = re.compile(
    r"hold[ ]+([0-9]{1,4}) hours?(?:[ ]*,[ ]*cap[ ]+([0-9]{1,6})[ ]+a[ ]+day)?", re.ASCII
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DSA = re.compile(r"[A-Z][A-Z_]{2,79}(?:,?[ ]+[A-Z][A-Z_]{2,79}){0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Procedural:
    """A hold that accuses nobody: how long (microseconds), and how many a day at most."""

    hold: int = 24 * HOUR
    cap: int = 200


@dataclass(frozen=True, slots=True)
class ClauseText:
    """Title and text of a clause in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One norm of the community. `texts` by language; `version` is SHA-256 in hex of all of it."""

    id: str
    title: str
    text: str
    harm: str
    published: str  # the day, 2026-11-22
    procedural: Procedural | None = None
    words_withheld: bool = False
    dsa: str | None = None
    texts: Mapping[str, ClauseText] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    version: str = ""


@dataclass(slots=True)
class _Section:
    """One clause as it stands in a file."""

    id: str
    title: str
    place: Place
    terms: dict[str, tuple[str, Place]] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, without the empty lines around it."""
        return "\n".join(self.body).strip("\n")


def read_policies(
    files: Mapping[str, bytes], *, recorded: bool = False
) -> tuple[dict[str, Clause], tuple[Diagnostic, ...]]:
    """The clauses of all policy files by id, and all that is wrong in the files.

    `recorded`: they were in force once (`Report`), and are taken as far as they can be read.
    """
    reports = {name: Report(name, recorded=recorded) for name in sorted(files)}
    originals: dict[str, dict[str, _Section]] = {}
    translations: list[tuple[str, str, str, dict[str, _Section]]] = []
    for name, report in reports.items():
        parts = _FILE.fullmatch(name)
        if parts is None:
            report.add("R118", Place(0, 0, 0), name=name)
            continue
        sections = _sections(report, files[name], translated=parts[2] is not None)
        if parts[2] is None:
            originals[name] = sections
        else:
            translations.append((name, parts[1] + ".md", parts[2], sections))
    clauses: dict[str, Clause] = {}
    for name, sections in originals.items():
        for section in sections.values():
            clause = _clause(reports[name], section)
            if clause is not None and section.id in clauses:
                first = clauses[section.id].file
                reports[name].add("R102", section.place, clause=section.id, file=first)
            elif clause is not None:
                clauses[clause.id] = clause
    _translate(clauses, translations, originals, reports)
    found = [problem for report in reports.values() for problem in report.found]
    return {name: _versioned(clause) for name, clause in clauses.items()}, tuple(found)


# --- sections -------------------------------------------------------------------------------------


def _sections(report: Report, content: bytes, translated: bool) -> dict[str, _Section]:
    sections: dict[str, _Section] = {}
    current: _Section | None = None
    fenced = in_terms = False
    for number, line in enumerate(read(report, content), 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.fullmatch(line.rstrip())
        if heading is not None and len(heading[1]) <= 2:
            current = _begin(report, heading, number, sections)
            in_terms = current is not None
            continue
        if current is None:
            continue
        _unseen(report, line, number)
        term = _TERM.fullmatch(line.rstrip()) if in_terms else None
        if term is not None:
            _term(report, current, term, number, translated)
        elif line.strip() or not in_terms:
            in_terms = False
            current.body.append(line.rstrip())
        elif current.terms:
            in_terms = False
    if not sections and not report.found:
        report.add("R101", Place(0, 0, 0))
    return sections


def _unseen(report: Report, line: str, number: int) -> None:
    """Warn of the first character of a line that readers of the clause would not see."""
    if line.isprintable():
        return
    for position, character in enumerate(line):
        if unseen(line, position):
            code = f"{ord(character):04X}"
            report.add("R009", Place(number, position + 1), severity=WARNING, number=code)
            return


def _begin(
    report: Report, heading: re.Match[str], number: int, sections: dict[str, _Section]
) -> _Section | None:
    """The clause a heading begins; None for a heading that begins none."""
    name = heading[2]
    place = Place(number, heading.start(2) + 1, len(name))
    if len(heading[1]) != 2 or "." not in name.rstrip(".:"):
        return None
    if not CLAUSE.fullmatch(name):
        report.add("R120", place, name=name)
        return None
    if name in sections:
        report.add("R102", place, clause=name, file=report.file)
        return None
    title = (heading[3] or "").strip()
    if not title:
        report.add("R103", place, clause=name)
    elif len(title) > TITLE_LENGTH_MAX:
        report.add("R119", place, what="The title", limit=TITLE_LENGTH_MAX)
    sections[name] = _Section(name, title, place)
    return sections[name]


def _term(
    report: Report, section: _Section, term: re.Match[str], number: int, translated: bool
) -> None:
    word = term[1]
    place = Place(number, 1, len(word))
    if word not in TERMS:
        report.add("R112", place, word=word, terms=", ".join(TERMS))
    elif translated:
        report.add("R117", place)
    elif word in section.terms:
        report.add("R113", place, word=word)
    else:
        at = Place(number, term.start(2) + 1, len(term[2]))
        section.terms[word] = (term[2].strip(), at)


# --- clauses --------------------------------------------------------------------------------------


def _clause(report: Report, section: _Section) -> Clause | None:
    """A clause from its section; None, and reported, where it cannot stand."""
    before = len(report.found)
    made = Clause(section.id, section.title, section.text, harm="", published="")
    for word, (value, place) in section.terms.items():
        try:
            made = _TERMS[word](made, value, place)
        except Malformed as broken:
            report.take(broken)
            if word == "dsa" and report.recorded and _DSA.fullmatch(value):
                made = replace(made, dsa=value)  # it is part of the version that was in force
    if "harm" not in section.terms:
        example = '"harm: spam" below its heading'
        report.add("R105", section.place, clause=section.id, example=example)
    if "published" not in section.terms:
        report.add("R108", section.place, clause=section.id)
    if not section.text:
        report.add("R104", section.place, clause=section.id)
    elif len(section.text) > TEXT_LENGTH_MAX:
        report.add("R119", section.place, what="The text", limit=TEXT_LENGTH_MAX)
    if made.harm == "context":
        for word in ("procedural", "words"):
            if word in section.terms:
                report.add("R121", section.terms[word][1], term=word)
    if (len(report.found) > before and not report.recorded) or not section.title:
        return None
    original = ClauseText(section.title, section.text)
    line = section.place.line
    return replace(made, texts={LANGUAGE: original}, file=report.file, line=line)


def _harm(clause: Clause, value: str, place: Place) -> Clause:
    if value not in HARMS:
        raise Malformed("R106", place, harm=value, harms=", ".join(HARMS))
    return replace(clause, harm=value)


def _published(clause: Clause, value: str, place: Place) -> Clause:
    try:
        if not _DATE.fullmatch(value):
            raise ValueError(value)
        date.fromisoformat(value)
    except ValueError:
        raise Malformed("R107", place, value=value) from None
    return replace(clause, published=value)


def _procedural(clause: Clause, value: str, place: Place) -> Clause:
    terms = _PROCEDURAL.fullmatch(value)
    if terms is None:
        raise Malformed("R109", place)
    hold = int(terms[1]) * HOUR
    cap = int(terms[2]) if terms[2] else Procedural().cap
    if hold > HOLD_MAX:
        raise Malformed("R110", place)
    if hold == 0 or not 0 < cap <= CAP_MAX:
        raise Malformed("R109", place)
    return replace(clause, procedural=Procedural(hold, cap))


def _words(clause: Clause, value: str, place: Place) -> Clause:
    if value != "withheld":
        raise Malformed("R111", place)
    return replace(clause, words_withheld=True)


def _dsa(clause: Clause, value: str, place: Place) -> Clause:
    if not _DSA.fullmatch(value):
        raise Malformed("R114", place, value=value, why="this is not a row of codes")
    unfit = categories.read(value)
    if isinstance(unfit, categories.Unfit):
        at = Place(place.line, place.column + unfit.at, len(unfit.code))
        raise Malformed("R114", at, unfit.hint, value=unfit.code, why=unfit.why)
    return replace(clause, dsa=value)


_TERMS: Mapping[str, Callable[[Clause, str, Place], Clause]] = {
    "harm": _harm,
    "published": _published,
    "procedural": _procedural,
    "words": _words,
    "dsa": _dsa,
}


def _translate(
    clauses: dict[str, Clause],
    translations: list[tuple[str, str, str, dict[str, _Section]]],
    originals: Mapping[str, dict[str, _Section]],
    reports: Mapping[str, Report],
) -> None:
    """Add the translations to their clauses; say where one is missing or has no original."""
    unreadable = {
        name
        for name, report in reports.items()
        if any(problem.code in UNREADABLE for problem in report.found)
    }
    for name, original, lang, sections in translations:
        if original in unreadable:
            continue
        known = originals.get(original, {})
        for section in sections.values():
            if section.id not in known:
                reports[name].add("R115", section.place, clause=section.id, file=original)
            elif not section.text:
                reports[name].add("R104", section.place, clause=section.id)
            elif section.id in clauses:
                clause = clauses[section.id]
                texts = {**clause.texts, lang: ClauseText(section.title, section.text)}
                clauses[section.id] = replace(clause, texts=texts)
    for clause in clauses.values():
        if "vi" not in clause.texts:
            place = Place(clause.line, 4, len(clause.id))
            file = clause.file.removesuffix(".md") + ".vi.md"
            if file in unreadable:
                continue
            report = reports[clause.file]
            lang = "Vietnamese (vi)"
            report.add("R116", place, None, WARNING, clause=clause.id, lang=lang, file=file)


def _versioned(clause: Clause) -> Clause:
    """The clause with its version: SHA-256 over all that it says, in every language."""
    said = {
        "id": clause.id,
        "harm": clause.harm,
        "published": clause.published,
        "procedural": clause.procedural
        and [duration(clause.procedural.hold), clause.procedural.cap],
        "words_withheld": clause.words_withheld,
        "dsa": clause.dsa,
        "texts": {lang: [said.title, said.text] for lang, said in clause.texts.items()},
    }
    canonical = msgspec.json.encode(said, order="deterministic")
    return replace(clause, version=hashlib.sha256(canonical).hexdigest())
