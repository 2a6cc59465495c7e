"""From the bytes of a rule file to lines of tokens.

Every file can be read to its end, whatever is in it: what cannot be a token is reported and left
out. Linear in the size of the file. This module must never know what a word means.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

from ombud.rules.diagnostic import WARNING, Malformed, Report
from ombud.rules.tree import Place

FILE_BYTES_MAX = 64 * 1024
LINE_LENGTH_MAX = 1000
NUMBER_DIGITS_MAX = 9

# After this word a string is a pattern: its backslashes belong to the pattern.
PATTERN_WORD = "matches"


class Kind(enum.StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"  # a comparison, a percent sign or a comma


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `text` of a string is what it stands for, without quotes and escapes."""

    kind: Kind
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line with something on it. `broken`: part of it could not be read and was reported."""

    number: int
    indent: int
    tokens: tuple[Token, ...]
    comment: str | None
    broken: bool


_TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<word>[A-Za-z_][A-Za-z0-9_.-]*)|(?P<number>[0-9]+)"
    r"|(?P<sign><=|>=|!=|<|>|=|%|,)",
    re.ASCII,
)
_ESCAPE = re.compile(r'\\(?:(["\\n])|u\{([0-9A-Fa-f]{1,6})\})')
_TAB_STOP = 8
UTF16_HINT = "It looks like UTF-16. Save it as UTF-8 in your editor."
UTF16 = (b"\xff\xfe", b"\xfe\xff")  # its marks; without one it shows by its zero bytes
_JOINERS = "\u200c\u200d"  # part of how some scripts and emoji are written


def read(report: Report, content: bytes) -> list[str]:
    """The lines of a file; problems of the whole file are reported. Sets `report.lines`."""
    if len(content) > FILE_BYTES_MAX:
        report.add("R002", Place(0, 0, 0), size=len(content), limit=FILE_BYTES_MAX)
        return []
    if content.startswith(UTF16) or content.count(0) * 4 > len(content):
        report.add("R001", Place(1, 0, 0), UTF16_HINT)
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        report.add("R001", Place(line, 0, 0))
        return []
    text, mark = text.removeprefix("\ufeff"), text.startswith("\ufeff")
    windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    returns = text.count("\r") > text.count("\n")
    lines = (text.replace("\r", "\n") if returns else text).split("\n")
    report.lines = lines
    if mark:
        report.add("R005", Place(1, 1), severity=WARNING)
    if windows:
        report.add("R006", Place(1, 1, 0), severity=WARNING)
    if returns:
        report.add("R047", Place(1, 1, 0), severity=WARNING)
    return lines


def scan(report: Report, lines: list[str]) -> list[TextLine]:
    """The lines that hold anything, as tokens."""
    scanned = []
    tabs = False
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH_MAX:
            report.add("R004", Place(number, LINE_LENGTH_MAX + 1), limit=LINE_LENGTH_MAX)
            scanned.append(TextLine(number, 1, (), None, broken=True))
            continue
        if "\t" in line and not tabs:
            tabs = True
            report.add("R008", Place(number, line.index("\t") + 1), severity=WARNING)
        found = _Scanner(report, number, line).scan()
        if found.tokens or found.comment is not None or found.broken:
            scanned.append(found)
    return scanned


class _Scanner:
    """Reads one line."""

    def __init__(self, report: Report, number: int, line: str) -> None:
        self.report = report
        self.number = number
        self.line = line
        self.tokens: list[Token] = []
        self.comment: str | None = None
        self.broken = False

    def scan(self) -> TextLine:
        position = 0
        while position < len(self.line):
            character = self.line[position]
            try:
                if character == "#":
                    self._comment(position)
                    break
                if character == '"':
                    position = self._string(position)
                    continue
                found = _TOKEN.match(self.line, position)
                if found is None:
                    position = self._strange(position)
                    continue
                self._plain(found)
                position = found.end()
            except Malformed as broken:
                self.broken = True
                self.report.take(broken)
                break
        before = self.line[: len(self.line) - len(self.line.lstrip(" \t"))]
        indent = len(before.expandtabs(_TAB_STOP))
        return TextLine(self.number, indent, tuple(self.tokens), self.comment, self.broken)

    def _place(self, start: int, end: int) -> Place:
        return Place(self.number, start + 1, end - start)

    def _plain(self, found: re.Match[str]) -> None:
        place = self._place(found.start(), found.end())
        text = found.group()
        if found.lastgroup == "number":
            following = self.line[found.end() : found.end() + 2]
            if len(following) == 2 and following[0] in ".," and following[1].isdigit():
                raise Malformed("R014", place)
            if len(text) > NUMBER_DIGITS_MAX:
                raise Malformed("R013", place, limit="9" * NUMBER_DIGITS_MAX)
            self.tokens.append(Token(Kind.NUMBER, text, place))
        elif found.lastgroup == "word":
            self.tokens.append(Token(Kind.WORD, text, place))
        elif found.lastgroup == "sign":
            self.tokens.append(Token(Kind.SIGN, text, place))

    def _comment(self, start: int) -> None:
        self.comment = self.line[start + 1 :].rstrip()
        for position in range(start + 1, len(self.line)):
            if self.line[position] != "\t" and invisible(self.line[position]):
                self._strange(position)
                break

    def _strange(self, position: int) -> int:
        """Report a character that no token begins with, and go past it and its like."""
        character = self.line[position]
        place = self._place(position, position + 1)
        self.broken = True
        if invisible(character):
            self.report.add("R009", place, number=f"{ord(character):04X}")
        elif character in "'`“”„«»‘’":
            self.report.add(
                "R010", place, 'Text stands in straight quotes: "like this".', c=character
            )
        else:
            self.report.add("R010", place, c=character)
        position += 1
        while position < len(self.line) and self.line[position] not in ' \t"#':
            position += 1
        return position

    def _string(self, start: int) -> int:
        pattern = bool(self.tokens) and self.tokens[-1].text == PATTERN_WORD
        parts: list[str] = []
        position = start + 1
        told = False
        while position < len(self.line):
            character = self.line[position]
            if character == '"':
                place = self._place(start, position + 1)
                self.tokens.append(Token(Kind.STRING, "".join(parts), place))
                return position + 1
            if character != "\\":
                if not told and unseen(self.line, position):
                    told = True
                    self._hidden(position, "\\x" if pattern else "\\u")
                parts.append(character)
                position += 1
            elif pattern:
                parts.append(self.line[position : position + 2])
                position += 2
            else:
                position = self._escape(position, parts)
        raise Malformed("R011", self._place(start, len(self.line)))

    def _escape(self, position: int, parts: list[str]) -> int:
        found = _ESCAPE.match(self.line, position)
        number = int(found.group(2), 16) if found and found.group(2) else 0
        if found is None or number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            written = self.line[position : position + 2]
            raise Malformed("R012", self._place(position, position + 2), written=written)
        simple = found.group(1)
        parts.append(chr(number) if simple is None else "\n" if simple == "n" else simple)
        return found.end()

    def _hidden(self, position: int, escape: str) -> None:
        number = ord(self.line[position])
        self.report.add(
            "R009",
            self._place(position, position + 1),
            f"If it is meant, write it as {escape}{{{number:x}}}.",
            WARNING,
            number=f"{number:04X}",
        )


def bidirectional(character: str) -> bool:
    """Whether a character changes the order in which those around it are shown (Unicode UAX #9)."""
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def unseen(line: str, position: int) -> bool:
    """Whether a character inside a text cannot be seen, and is no part of a script."""
    character = line[position]
    if character.isprintable() or character == "\t":
        return False
    if character in _JOINERS:
        around = line[position - 1 : position] + line[position + 1 : position + 2]
        return len(around) < 2 or around[0].isascii() or around[1].isascii()
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def invisible(character: str) -> bool:
    """Whether a character is a control, a format character or a line separator."""
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


class Cursor:
    """Goes through the tokens of a line from left to right."""

    def __init__(self, line: TextLine, start: int = 0, end: int | None = None) -> None:
        self.tokens = line.tokens
        self.number = line.number
        self.position = start
        self.end = len(line.tokens) if end is None else end

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.position >= self.end

    def peek(self, ahead: int = 0) -> Token | None:
        """The next token, or the one `ahead` of it; None past the end."""
        at = self.position + ahead
        return self.tokens[at] if at < self.end else None

    def take(self, *words: str) -> bool:
        """Go past these words or signs, if they are what comes next."""
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token is None or token.kind is Kind.STRING or token.text != word:
                return False
        self.position += len(words)
        return True

    def next(self, kind: Kind) -> Token | None:
        """Go past the next token if it is of this kind, and return it."""
        token = self.peek()
        if token is None or token.kind is not kind:
            return None
        self.position += 1
        return token

    def here(self) -> Place:
        """The place of the next token, or just behind the last one."""
        token = self.peek()
        if token is not None:
            return token.place
        if self.end == 0:
            return Place(self.number, 1)
        last = self.tokens[self.end - 1].place
        return Place(last.line, last.column + last.length, 1)

    def since(self, start: int) -> Place:
        """The place of everything from token `start` to the last one taken."""
        first = self.tokens[start].place
        last = self.tokens[max(start, self.position - 1)].place
        return Place(first.line, first.column, last.column + last.length - first.column)
