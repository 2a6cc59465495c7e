"""Reads a rule file: its parts in their order, and every problem in it, not only the first.

A broken line is reported and left out, and reading goes on; a rule with errors still has a tree, so
that the checker can add what it finds. Never raises, whatever the bytes. This module must never ask
what a fact, a list or a clause is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from ombud.model import KINDS
from ombud.rules import conditions, then
from ombud.rules.diagnostic import WARNING, Diagnostic, Malformed, Report, did_you_mean
from ombud.rules.lex import Cursor, Kind, TextLine, Token, read, scan
from ombud.rules.tree import (
    Action,
    Comment,
    Example,
    Group,
    Line,
    Place,
    Rule,
    Stated,
    Told,
)
from ombud.rules.vocabulary import MODES, PARTS, REQUIRED_PARTS

NAME = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
CLAUSE = re.compile(r"[a-z][a-z0-9-]{0,63}\.[a-z][a-z0-9-]{0,63}", re.ASCII)
LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
CONDITIONS_MAX = 200
ACTIONS_MAX = 16
LANGUAGES_MAX = 40
EXAMPLES_MAX = 100
STATED_MAX = 50

_SHOWN = {"tell": "tell author", "should": "should catch"}  # how a part is called in messages
_PARTS_SAID = ", ".join(_SHOWN.get(part, part) for part in PARTS) + ", should pass"
_MISSING = {
    "rule": 'Begin with "rule" and a name, for example "rule new-member-links".',
    "for": 'Write for example "for post", with one or more of: ' + ", ".join(KINDS) + ".",
    "clause": 'Write for example "clause spam.links": the published norm the rule serves.',
    "mode": 'Write "mode watch" to try it out without doing anything.',
    "when": 'Write "when" and below it, indented, what must hold.',
    "then": 'Write "then" and below it, indented, what should be done.',
}


def parse(file: str, content: bytes) -> tuple[Rule, tuple[Diagnostic, ...]]:
    """The tree of a rule file and all that is wrong in it; what is broken is left out."""
    report = Report(file)
    return read_rule(report, content), tuple(report.found)


def read_rule(report: Report, content: bytes) -> Rule:
    """The tree of a rule file; all that is wrong is reported. Sets the report's lines."""
    lines = read(report, content)
    parser = _Parser(report)
    if lines:
        parser.read(scan(report, lines))
    return parser.rule()


class _Parser:
    """Gathers the parts of one rule."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.part = ""
        self.places: dict[str, Place] = {}
        self.empty: Place | None = None  # the head of a part that has no line yet
        self.name = self.description = self.clause = self.mode = ""
        self.kinds: list[str] = []
        self.conditions: dict[str, list[Line | Group]] = {"when": [], "unless": []}
        self.count = 0
        self.group: tuple[int, bool, Place, list[Line]] | None = None
        self.actions: list[Action] = []
        self.tell: list[Told] = []
        self.examples: list[tuple[bool, str, Place, list[Stated]]] = []
        self.comments: list[Comment] = []

    # --- lines ------------------------------------------------------------------------------------

    def read(self, lines: list[TextLine]) -> None:
        """Read all lines."""
        for line in lines:
            if line.comment is not None and len(self.comments) < len(lines):
                self.comments.append(Comment(line.number, line.comment, not line.tokens))
            if not line.tokens:
                self.empty = None if line.broken else self.empty
                continue
            try:
                self._line(line)
            except Malformed as broken:
                if not line.broken:
                    self.report.take(broken)
        self._end_part()
        for part in REQUIRED_PARTS:
            if part not in self.places:
                place = Place(0, 0, 0)
                self.report.add("R016", place, part=part, example=_MISSING[part])

    def _line(self, line: TextLine) -> None:
        first = line.tokens[0]
        head = first.kind is Kind.WORD and first.text in PARTS
        if line.indent == 0:
            if head:
                self._begin(line)
                return
            self._stray(line)
        elif head and _is_head(line):
            self._begin(line)  # an indented head: nothing under it would be read otherwise
            return
        self.empty = None
        if line.broken:
            return
        body = _BODIES.get(self.part)
        if body is not None:
            body(self, line)

    def _stray(self, line: TextLine) -> None:
        """A line at the margin that begins no part: a misspelt part, or a line not indented."""
        first = line.tokens[0]
        near = difflib.get_close_matches(first.text.lower(), PARTS, n=1, cutoff=0.7)
        word = first.kind is Kind.WORD
        alone = word and len(line.tokens) == 1 and "." not in first.text
        if (near and word) or alone or self.part not in _BODIES:
            self._end_part()
            self.part = ""
            if near:
                self.places.setdefault(near[0], first.place)
                self.part = near[0]
            hint = f'Did you mean "{_SHOWN.get(near[0], near[0])}"?' if near else None
            raise Malformed("R015", first.place, hint, word=first.text, parts=_PARTS_SAID)
        self.report.add("R019", first.place)

    def _begin(self, line: TextLine) -> None:
        """A line that begins a part."""
        self._end_part()
        first = line.tokens[0]
        part = first.text
        self._order(part, first.place)
        self.part = part
        if part in self.places and part != "should":
            raise Malformed("R017", first.place, part=_SHOWN.get(part, part))
        self.places.setdefault(part, first.place)
        cursor = Cursor(line, start=1)
        _HEADS[part](self, cursor)
        if not cursor.done:
            raise Malformed("R026", cursor.here(), expected="the end of the line")

    def _order(self, part: str, place: Place) -> None:
        later = PARTS[PARTS.index(part) + 1 :]
        if part not in self.places and any(other in self.places for other in later):
            self.report.add(
                "R018", place, severity=WARNING, part=_SHOWN.get(part, part), parts=_PARTS_SAID
            )

    def _end_part(self) -> None:
        self._end_group()
        if self.empty is not None:
            code = "R022" if self.part == "rule" else "R020"
            self.report.add(code, self.empty, part=_SHOWN.get(self.part, self.part))
            self.empty = None

    # --- heads ------------------------------------------------------------------------------------

    def _head_rule(self, cursor: Cursor) -> None:
        self.empty = self.places["rule"]
        token = cursor.next(Kind.WORD)
        if token is None or not NAME.fullmatch(token.text):
            place = token.place if token else cursor.here()
            raise Malformed("R021", place, name=token.text if token else "")
        self.name = token.text

    def _head_for(self, cursor: Cursor) -> None:
        while True:
            token = cursor.next(Kind.WORD)
            if token is None:
                raise Malformed("R026", cursor.here(), expected="one of: " + ", ".join(KINDS))
            self._kind(token)
            if not cursor.take(","):
                return

    def _kind(self, token: Token) -> None:
        if token.text not in KINDS:
            hint = did_you_mean(token.text, KINDS)
            self.report.add("R023", token.place, hint, word=token.text, kinds=", ".join(KINDS))
        elif token.text in self.kinds:
            self.report.add("R081", token.place, f'"{token.text}" is there already.')
        else:
            self.kinds.append(token.text)

    def _head_clause(self, cursor: Cursor) -> None:
        token = cursor.next(Kind.WORD)
        if token is None or not CLAUSE.fullmatch(token.text):
            raise Malformed("R024", token.place if token else cursor.here())
        self.clause = token.text
        self.places["clause"] = token.place

    def _head_mode(self, cursor: Cursor) -> None:
        token = cursor.next(Kind.WORD)
        if token is None or token.text not in MODES:
            place = token.place if token else cursor.here()
            raise Malformed("R025", place, word=token.text if token else "")
        self.mode = token.text
        self.places["mode"] = token.place

    def _head_lines(self, cursor: Cursor) -> None:
        self.empty = self.places[self.part]
        if not cursor.done:
            self.empty = None
            hint = "Write it on the next line, indented by two spaces."
            raise Malformed("R026", cursor.here(), hint, expected="the end of the line")

    def _head_tell(self, cursor: Cursor) -> None:
        self.empty = self.places["tell"]
        if not cursor.take("author"):
            raise Malformed("R026", cursor.here(), expected='"author"')

    def _head_should(self, cursor: Cursor) -> None:
        start = cursor.tokens[0].place
        catch = cursor.take("catch")
        if not catch and not cursor.take("pass"):
            raise Malformed("R026", cursor.here(), expected='"catch" or "pass"')
        title = cursor.next(Kind.STRING)
        if title is None:
            raise Malformed("R026", cursor.here(), expected="the name of the example in quotes")
        if len(self.examples) >= EXAMPLES_MAX:
            raise Malformed("R040", start, limit=EXAMPLES_MAX, what="examples")
        self.examples.append((catch, title.text, cursor.since(0), []))
        self.empty = start

    # --- bodies -----------------------------------------------------------------------------------

    def _body_rule(self, line: TextLine) -> None:
        cursor = Cursor(line)
        text = cursor.next(Kind.STRING)
        if self.description or text is None or not text.text.strip() or not cursor.done:
            raise Malformed("R022", line.tokens[0].place)
        self.description = text.text
        self.places["description"] = text.place

    def _body_conditions(self, line: TextLine) -> None:
        cursor = Cursor(line)
        first = line.tokens[0].place
        if self.group is not None and line.indent <= self.group[0]:
            self._end_group()
        for word, every in (("any", False), ("all", True)):
            if cursor.take(word, "of"):
                if self.group is not None:
                    raise Malformed("R027", first)
                self.group = (line.indent, every, first, [])
                if not cursor.done:
                    hint = "Write the conditions on the lines below, indented by two more spaces."
                    raise Malformed("R026", cursor.here(), hint, expected="the end of the line")
                return
        self.count += 1
        if self.count > CONDITIONS_MAX:
            if self.count == CONDITIONS_MAX + 1:
                raise Malformed("R040", first, limit=CONDITIONS_MAX, what="conditions")
            return
        found = conditions.line(cursor)
        if self.group is not None:
            self.group[3].append(found)
        else:
            self.conditions[self.part].append(found)

    def _end_group(self) -> None:
        if self.group is None:
            return
        _, every, place, lines = self.group
        self.group = None
        if lines:
            self.conditions[self.part].append(Group(every, tuple(lines), place))
        elif not any(problem.line > place.line for problem in self.report.found):
            self.report.add("R028", place, word="all of" if every else "any of")

    def _body_then(self, line: TextLine) -> None:
        found = then.action(Cursor(line))
        if len(self.actions) >= ACTIONS_MAX:
            raise Malformed("R040", found.place, limit=ACTIONS_MAX, what="actions")
        self.actions.append(found)

    def _body_tell(self, line: TextLine) -> None:
        cursor = Cursor(line)
        lang = cursor.next(Kind.WORD)
        if lang is None or not LANG.fullmatch(lang.text):
            place = lang.place if lang else cursor.here()
            raise Malformed("R036", place, word=lang.text if lang else line.tokens[0].text)
        text = cursor.next(Kind.STRING)
        if text is None or not cursor.done:
            raise Malformed("R026", cursor.here(), expected="one text in quotes")
        if not text.text.strip():
            raise Malformed("R044", text.place)
        if any(told.lang == lang.text for told in self.tell):
            raise Malformed("R037", lang.place, lang=lang.text)
        if len(self.tell) >= LANGUAGES_MAX:
            raise Malformed("R040", lang.place, limit=LANGUAGES_MAX, what="languages")
        self.tell.append(Told(lang.text, text.text, lang.place))

    def _body_example(self, line: TextLine) -> None:
        found = conditions.stated(Cursor(line))
        if not self.examples:
            return
        stated = self.examples[-1][3]
        if len(stated) >= STATED_MAX:
            raise Malformed("R040", found.place, limit=STATED_MAX, what="facts in an example")
        stated.append(found)

    # --- the tree ---------------------------------------------------------------------------------

    def rule(self) -> Rule:
        """All that was read."""
        return Rule(
            name=self.name,
            description=self.description,
            kinds=tuple(sorted(self.kinds, key=KINDS.index)),
            clause=self.clause,
            mode=self.mode,
            when=tuple(self.conditions["when"]),
            unless=tuple(self.conditions["unless"]),
            then=tuple(self.actions),
            tell=tuple(self.tell),
            examples=tuple(
                Example(catch, title, tuple(stated), place)
                for catch, title, place, stated in self.examples
            ),
            file=self.report.file,
            comments=tuple(self.comments),
            places=self.places,
        )


def _is_head(line: TextLine) -> bool:
    """Whether an indented line is a head all the same: `when` alone, `should catch "..."`."""
    words = [token.text for token in line.tokens[:2] if token.kind is Kind.WORD]
    if words[0] in ("when", "unless", "then"):
        return len(line.tokens) == 1
    return words in (["tell", "author"], ["should", "catch"], ["should", "pass"])


_HEADS: dict[str, Callable[[_Parser, Cursor], None]] = {
    "rule": _Parser._head_rule,  # noqa: SLF001 -- this table is part of the class
    "for": _Parser._head_for,  # noqa: SLF001
    "clause": _Parser._head_clause,  # noqa: SLF001
    "mode": _Parser._head_mode,  # noqa: SLF001
    "when": _Parser._head_lines,  # noqa: SLF001
    "unless": _Parser._head_lines,  # noqa: SLF001
    "then": _Parser._head_lines,  # noqa: SLF001
    "tell": _Parser._head_tell,  # noqa: SLF001
    "should": _Parser._head_should,  # noqa: SLF001
}
_BODIES: dict[str, Callable[[_Parser, TextLine], None]] = {
    "rule": _Parser._body_rule,  # noqa: SLF001
    "when": _Parser._body_conditions,  # noqa: SLF001
    "unless": _Parser._body_conditions,  # noqa: SLF001
    "then": _Parser._body_then,  # noqa: SLF001
    "tell": _Parser._body_tell,  # noqa: SLF001
    "should": _Parser._body_example,  # noqa: SLF001
}
