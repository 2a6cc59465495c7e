"""The one layout of a rule, and the one way to say a fact, a condition, a value.

The canonical words made here are also the names of facts in verdicts, so a change here changes what
old verdicts are called. Remarks stay where they stand. This module must never change what a rule
means.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ombud.clock import DAY, HOUR, MINUTE, SECOND
from ombud.model import Value
from ombud.rules.lex import bidirectional, invisible
from ombud.rules.tree import (
    Action,
    Comment,
    Compare,
    Condition,
    Constant,
    FactName,
    Group,
    Holds,
    InList,
    Likeness,
    Line,
    Remembered,
    Resembles,
    Rule,
    Stated,
    TextTest,
)
from ombud.signals.declare import Type
from ombud.signals.resolve import duration

_QUOTED = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}

# --- words ----------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A text in quotes, with escapes for what cannot be seen."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _QUOTED:
        return _QUOTED[character]
    if character != " " and (invisible(character) or character.isspace()):
        return f"\\u{{{ord(character):x}}}"
    return f"\\u{{{ord(character):x}}}" if bidirectional(character) else character


def fact(name: FactName) -> str:
    """The words of a fact, as `signals.resolve` names it."""
    return (
        ("share of " if name.share else "")
        + name.name
        + (f" to {name.to}" if name.to else "")
        + (f" with {name.word}" if name.word else "")
        + (f" in last {duration(name.in_last)}" if name.in_last is not None else "")
    )


def phrase(said: InList | Likeness | TextTest) -> str:
    """A phrase without a comparison."""
    words = fact(said.fact)
    if isinstance(said, InList):
        every = f" {said.every}" if said.every else ""
        return f"{words}{every} in list {quoted(said.list)}"
    if isinstance(said, Likeness):
        if isinstance(said.other, Remembered):
            return f"{words} resembles {said.other.value}"
        if isinstance(said.other, str):
            verb = "resemble" if said.several else "resembles"
            return f"{words} {verb} list {quoted(said.other)}"
        return f"{words} resembles {fact(said.other)}"
    if said.how == "quotes":
        return f"{words} quotes {said.operand}"
    if said.how == "matches":  # its backslashes belong to the pattern
        return f'{words} matches "{said.operand}"'
    return f"{words} {said.how} {quoted(said.operand)}"


def condition(said: Condition) -> str:
    """A condition in its canonical words."""
    if isinstance(said, Compare):
        return f"{fact(said.fact)} {said.operator} {constant(said.constant)}"
    if isinstance(said, Holds):
        return fact(said.fact)
    if isinstance(said, Resembles):
        return f"{phrase(said.likeness)} {said.operator} {constant(said.constant)}"
    return phrase(said)


def without_words(said: Condition) -> Condition:
    """A condition with "…" for the text that it looks for. The name of a list stays, whose words
    are not in it.
    """
    if isinstance(said, TextTest) and said.how != "quotes":
        return replace(said, operand="…")
    if isinstance(said, Compare) and said.constant.type is Type.TEXT:
        return replace(said, constant=replace(said.constant, value="…"))
    return said


def line(said: Line) -> str:
    """A condition with its `not`."""
    return ("not " if said.negated else "") + condition(said.condition)


def constant(written: Constant) -> str:
    """A value as it is written in a rule, exactly."""
    if written.type is Type.DURATION:
        return duration(int(written.value))
    return value(written.value, written.type)


def value(known: Value, type: Type) -> str:  # noqa: A002 -- the field's own word
    """A fact's value in a rule's words; "unknown" where it is not known."""
    if known is None:
        return "unknown"
    if isinstance(known, tuple):
        return " ".join(quoted(each) for each in known) or "none"
    if isinstance(known, str):
        return quoted(known)
    if isinstance(known, bool):
        return "yes" if known else "no"
    if type is Type.DURATION:
        return _length(known)
    if type is Type.PERCENT:
        return f"{known // 10} %" if known % 10 == 0 else f"{known // 10}.{known % 10} %"
    return str(known)


def _length(known: int) -> str:
    """A length of time that was measured: exact where that is short, else down to whole units."""
    known -= known % SECOND
    exact = duration(known)
    if len(exact.split()[0]) < 3 or known < 1000 * SECOND:
        return exact
    size = next((size for size in (DAY, HOUR, MINUTE) if known >= 2 * size), SECOND)
    return duration(known - known % size)


def action(said: Action) -> str:
    """One line of `then`."""
    if said.type == "mark sensitive":
        words = f"mark {said.target} sensitive"
    elif said.type == "ban from room":
        words = f"ban {said.target} from room"
    elif said.type == "require approval":
        words = f"require approval in {said.target}"
    else:
        words = f"{said.type} {said.target}" if said.target else said.type
    if said.queue is not None:
        words += f" for review in queue {quoted(said.queue)}"
    if said.urgent:
        words += " as urgent"
    if said.duration is not None:
        words += f" for {duration(said.duration)}"
    return words + (f" {quoted(said.text)}" if said.text is not None else "")


# --- layout ---------------------------------------------------------------------------------------


def format_rule(rule: Rule) -> str:
    """A rule without errors in the one layout, with its remarks. `parse(format_rule(r)) == r`."""
    page = _Page(list(rule.comments))
    place = {part: at.line for part, at in rule.places.items()}
    page.put(f"rule {rule.name}", place.get("rule"))
    page.put(f"  {quoted(rule.description)}", place.get("description"))
    page.blank()
    page.put(f"for     {', '.join(rule.kinds)}", place.get("for"))
    page.put(f"clause  {rule.clause}", place.get("clause"))
    page.put(f"mode    {rule.mode}", place.get("mode"))
    for part, lines in (("when", rule.when), ("unless", rule.unless)):
        if lines:
            page.blank()
            page.put(part, place.get(part))
            _conditions(page, lines)
    page.blank()
    page.put("then", place.get("then"))
    for each in rule.then:
        page.put(f"  {action(each)}", each.place.line)
    if rule.tell:
        page.blank()
        page.put("tell author", place.get("tell"))
        width = max(len(told.lang) for told in rule.tell)
        for told in rule.tell:
            page.put(f"  {told.lang:{width}}  {quoted(told.text)}", told.place.line)
    for example in rule.examples:
        page.blank()
        word = "catch" if example.catch else "pass"
        page.put(f"should {word} {quoted(example.title)}", example.place.line)
        _stated(page, example.stated)
    return page.end()


def _conditions(page: _Page, lines: Iterable[Line | Group]) -> None:
    for each in lines:
        if isinstance(each, Line):
            page.put(f"  {line(each)}", each.place.line)
            continue
        page.put("  all of" if each.every else "  any of", each.place.line)
        for member in each.lines:
            page.put(f"    {line(member)}", member.place.line)


def _stated(page: _Page, stated: tuple[Stated, ...]) -> None:
    words = [
        fact(each.what) if isinstance(each.what, FactName) else phrase(each.what) for each in stated
    ]
    width = max(map(len, words), default=0)
    for each, said in zip(stated, words, strict=True):
        page.put(f"  {said:{width}}  {constant(each.constant)}", each.place.line)


@dataclass(slots=True)
class _Page:
    """Lines as they are laid out, and the remarks that go above and behind them."""

    comments: list[Comment]
    lines: list[tuple[str, int]] = field(default_factory=list)

    def put(self, text: str, source: int | None = None) -> None:
        """One line; `source` is the line it was read from, 0 or None where there is none."""
        self.lines.append((text, source or 0))

    def blank(self) -> None:
        """An empty line between parts."""
        self.put("")

    def end(self) -> str:
        """The page. A remark stays behind its line, or above the line that came after it."""
        sources = sorted({source for _, source in self.lines if source})
        behind: dict[int, str] = {}
        above: dict[int, list[str]] = {}
        for comment in self.comments:
            after = bisect.bisect_left(sources, comment.line)
            following = sources[after] if after < len(sources) else 0
            if not comment.own and following == comment.line:
                behind[following] = comment.text
            else:
                above.setdefault(following, []).append(comment.text)
        page: list[str] = []
        for text, source in self.lines:
            indent = text[: len(text) - len(text.lstrip())]
            if source:
                page.extend(f"{indent}#{remark}" for remark in above.get(source, ()))
            page.append(f"{text}  #{behind[source]}" if source in behind else text)
        if 0 in above:
            page.extend(["", *(f"#{remark}" for remark in above[0])])
        return "\n".join(page) + "\n"
