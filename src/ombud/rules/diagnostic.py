"""One problem of one file: what is wrong, where, and what to do; and how it is shown.

What operators wrote is shown back to them, so whatever could move the cursor of a terminal or
reorder a line is written as an escape. This module must never print, and never shorten a message of
the catalogue.
"""

from __future__ import annotations

import difflib
import itertools
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ombud.errors import CATALOGUE
from ombud.rules import messages  # noqa: F401 -- importing it fills the catalogue
from ombud.rules.tree import Place

ERROR, WARNING, INFORMATION = "error", "warning", "information"
SHOWN_MAX = 200  # characters of an operator's own words in a message
SOURCE_MAX = 100  # characters of the source line that are shown around the caret
PROBLEMS_MAX = 100  # in one file
COMPARED_MAX = 200  # known words that a mistyped one is compared with


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. Line and column count from 1 (0: the file as a whole), in characters."""

    code: str
    severity: str
    file: str
    line: int
    column: int
    length: int
    message: str
    hint: str
    source: str


class Malformed(Exception):
    """Raised where the rest of a line cannot be read; never leaves this package."""

    def __init__(
        self, code: str, place: Place, hint: str | None = None, **arguments: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.place = place
        self.hint = hint
        self.arguments = arguments


class Report:
    """Gathers the problems of one file, at most `PROBLEMS_MAX`.

    `recorded`: the file was in force once and is read again, so that its past can be judged again.
    Problems are noted then and refuse nothing: what may stand has become stricter since.
    """

    def __init__(
        self,
        file: str,
        lines: Sequence[str] = (),
        *,
        recorded: bool = False,
        earlier: Collection[str] = (),
    ) -> None:
        self.file = file
        self.earlier = earlier  # words that are meant as the version before meant them
        self.lines = lines
        self.recorded = recorded
        self.found: list[Diagnostic] = []

    @property
    def errors(self) -> bool:
        """Whether there is an error among the problems."""
        return any(problem.severity == ERROR for problem in self.found)

    @property
    def refused(self) -> bool:
        """Whether what is wrong keeps the file from being taken."""
        return self.errors and not self.recorded

    def add(
        self,
        code: str,
        place: Place,
        hint: str | None = None,
        severity: str = ERROR,
        **arguments: object,
    ) -> None:
        """Note a problem; `hint` replaces the catalogue's where the case tells more."""
        if len(self.found) < PROBLEMS_MAX - 1:
            self.found.append(self._made(code, place, hint, severity, arguments))
        else:
            self._enough(severity)

    def _enough(self, severity: str) -> None:
        """Say that there is more; an error where one of what is not shown is."""
        told = self.found[PROBLEMS_MAX - 1 :]
        if not told or (severity == ERROR and told[0].severity != ERROR):
            limit: dict[str, object] = {"limit": PROBLEMS_MAX - 1}
            mark = ERROR if severity == ERROR else WARNING
            self.found[PROBLEMS_MAX - 1 :] = [self._made("R041", Place(0, 0, 0), None, mark, limit)]

    def _made(
        self,
        code: str,
        place: Place,
        hint: str | None,
        severity: str,
        arguments: Mapping[str, object],
    ) -> Diagnostic:
        entry = CATALOGUE[code]
        shown = {key: show(value) for key, value in arguments.items()}
        source = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        return Diagnostic(
            code=code,
            severity=severity,
            file=self.file,
            line=place.line,
            column=place.column,
            length=place.length,
            message=entry.message.format(**shown),
            hint=entry.hint.format(**shown) if hint is None else hint,
            source=source,
        )

    def take(self, broken: Malformed) -> None:
        """Note what made the parser give up a line."""
        self.add(broken.code, broken.place, broken.hint, ERROR, **broken.arguments)


def show(value: object) -> str:
    """An operator's words as they may stand in a message: one line, bounded, nothing invisible."""
    text = "".join(_visible(character) for character in str(value)[: SHOWN_MAX + 1])
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """A hint with the known word that is most like this one; None where none is like it.

    Only the first `COMPARED_MAX` are compared, so that many wrong words among many known ones cost
    no more than they are long.
    """
    near = difflib.get_close_matches(
        word[:SHOWN_MAX], list(itertools.islice(known, COMPARED_MAX)), n=1, cutoff=cutoff
    )
    return f'Did you mean "{show(near[0])}"?' if near else None


def render(problem: Diagnostic) -> str:
    """The problem as it is shown in the console and on the command line alike.

    Code and message; file and line; the source line with a caret; the hint. A warning says that it
    is one after its code.
    """
    mark = "" if problem.severity == ERROR else f"{problem.severity}: "
    shown = [f"{problem.code}  {mark}{problem.message}"]
    shown.append(f"  {show(problem.file)}" + (f", line {problem.line}" if problem.line else ""))
    shown.extend("      " + each for each in excerpt(problem))
    if problem.hint:
        shown.append(f"  {problem.hint}")
    return "\n".join(shown)


def excerpt(problem: Diagnostic) -> list[str]:
    """The line of a problem, without its indentation, cut around the column, and the caret below
    it; nothing where the problem is about no line.
    """
    line, column = problem.source, problem.column
    if not line.strip():
        return []
    indent = len(line) - len(line.lstrip())
    start = indent
    if column - 1 - start > SOURCE_MAX:
        start = column - 1 - SOURCE_MAX // 2
    cut = line[start : start + SOURCE_MAX].rstrip()
    before = "".join(_visible(character) for character in line[start : max(start, column - 1)])
    text = "".join(_visible(character) for character in cut)
    return [text, " " * sum(map(_columns, before)) + "^"]


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return f"\\u{{{ord(character):x}}}"
    return character


def _columns(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
