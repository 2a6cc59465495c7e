"""Formatted text of Matrix, as clients show it: its lines, where its links lead, its files.

Read by the states of the HTML standard's tokenizer, each character looked at a bounded number of
times. Readers of HTML differ on comments, on what is left open and on markup inside of an
attribute: that is read once more as a text of its own, since one client or another shows it. This
module must never leave out what somebody may be shown, and never raise on what a stranger wrote.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

DEPTH_MAX = 2  # of texts inside of attributes and comments

_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"[^\s/>][^\s/>=]*")
_VALUE = re.compile(r"""\s*=\s*("[^"]*"|'[^']*'|(?!["'])[^\s>]*)""")
_BETWEEN = re.compile(r"[\s/]*")
_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")  # of no character
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LANGUAGE = re.compile(r"language-([\w+#.-]{1,40})\Z")
_SLASHES = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_UNSEEN = re.compile(r"[\t\n\r]")
_CONTROLS = "".join(map(chr, range(33)))
_WITHOUT_END = frozenset({"br", "hr", "img", "wbr", "input", "area"})
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_MARKED = frozenset({"li", "blockquote"}) | _HEADINGS
_BLOCKS = _MARKED | frozenset(
    (
        *("p", "div", "br", "hr", "ul", "ol", "pre", "table", "caption", "thead", "tbody", "tfoot"),
        *("tr", "td", "th", "details", "summary", "mx-reply", "dl", "dt", "dd", "center", "option"),
    )
)
_SAID_ASIDE = ("title", "data-mx-spoiler", "data-mx-maths")
FENCE = "```"


class Line(NamedTuple):
    """A line that is shown. `marked`: a list's bullet, a quote's bar or a heading's size stands
    with it; `fence`: it is none, but where a block of code begins or ends.
    """

    text: str
    marked: bool = False
    fence: bool = False


class Shown(NamedTuple):
    """What formatted text shows. `links`: each URL with its text; `aside`: what appears when
    somebody points at it, and what is read once more. Before that, nothing is read twice.
    """

    lines: tuple[Line, ...]
    links: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    aside: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its lines, without signs of lists and quotes."""
        return "\n".join(line.text for line in self.lines if not line.fence)


def read(formatted: str) -> Shown:
    """All of it."""
    reader = _Reader()
    reader.read(formatted, 0)
    first, *others = reader.found
    again = [Shown(tuple(each.lines), (), (), ()).text for each in others]
    aside = [said for each in reader.found for said in each.aside]
    names = [name for each in reader.found for name in each.names]
    return Shown(
        tuple(first.lines),
        tuple(dict.fromkeys(link for each in reader.found for link in each.links)),
        tuple(dict.fromkeys(file for each in reader.found for file in each.files)),
        tuple(dict.fromkeys(filter(None, (*aside, *again, *names)))),
    )


def unescaped(text: str) -> str:
    """With its characters in place of their names."""
    return html.unescape(_NUMBER.sub("\ufffd", text)) if "&" in text else text


def address(href: str) -> str:
    """Where a link leads, as a browser reads it: without breaks, with the slashes it may lack."""
    plain = _UNSEEN.sub("", href).strip(_CONTROLS)
    return _SLASHES.sub(r"\1://", plain, count=1) if _SLASHES.match(plain) else plain


class _Piece:
    """One text while it is read: the line under way, and what is open."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.links: list[tuple[str, str]] = []
        self.files: list[str] = []
        self.aside: list[str] = []
        self.names: list[str] = []
        self._line: list[str] = []
        self._open: dict[str, int] = {}
        self._link: tuple[str, list[str]] | None = None
        self._fence = ""

    def text(self, text: str) -> None:
        """Characters that are shown."""
        if not text or (self._fence and text.isspace()):
            return
        self._begin_code()
        if self._link is not None:
            self._link[1].append(text)
        if self._open.get("pre"):
            first, *rest = text.split("\n")
            self._line.append(first)
            for each in rest:
                self._break()
                self._line.append(each)
        else:
            self._line.append(text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        if name in _BLOCKS:
            self._break()
        if name in _MARKED or name == "pre":
            self._open[name] = self._open.get(name, 0) + 1
        if name == "pre":
            self._fence = FENCE
        elif name == "code" and self._fence:
            language = _LANGUAGE.search(attributes.get("class", ""))
            self._fence = FENCE + (language[1] if language else "")
        if name == "img":
            self.text(attributes.get("alt", ""))
            self.names.append(attributes.get("alt", ""))  # a picture parts words, its name may not
        if "href" in attributes:
            self._end_link()
            self._link = (address(attributes["href"]), [])
        source = attributes.get("src", "").strip()
        if source.startswith("mxc://"):
            self.files.append(source)
        self.aside += [attributes[key] for key in _SAID_ASIDE if attributes.get(key)]

    def end(self, name: str) -> None:
        """A tag closes."""
        if name == "a":
            self._end_link()
        if self._open.get(name):
            if name == "pre":
                self._begin_code()
            if name in _BLOCKS:
                self._break()
            self._open[name] -= 1
            if name == "pre" and not self._open[name]:
                self.lines.append(Line(FENCE, fence=True))
        elif name in _BLOCKS:
            self._break()

    def close(self) -> None:
        """It is over."""
        self._end_link()
        self._break()

    def _begin_code(self) -> None:
        if self._fence:
            self._break()
            self.lines.append(Line(self._fence, fence=True))
            self._fence = ""

    def _break(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if line:
            self.lines.append(Line(line, any(map(self._open.get, _MARKED))))

    def _end_link(self) -> None:
        if self._link is not None:
            url, shown = self._link
            self._link = None
            if url:
                self.links.append((url, _SPACES.sub(" ", "".join(shown)).strip(" ")))


class _Reader:
    """The tokenizer."""

    def __init__(self) -> None:
        self.found: list[_Piece] = []

    def read(self, text: str, depth: int) -> None:
        """One text; those inside of it after it."""
        piece = _Piece()
        self.found.append(piece)
        inside: list[str] = []
        at = 0
        while at < len(text):
            tag = text.find("<", at)
            tag = len(text) if tag < 0 else tag
            piece.text(unescaped(text[at:tag]))
            at = tag
            if at < len(text):
                at = self._markup(text, at, piece, inside)
        piece.close()
        for each in inside:
            if depth < DEPTH_MAX:
                self.read(each, depth + 1)
            else:
                piece.aside.append(unescaped(each))

    def _markup(self, text: str, at: int, piece: _Piece, inside: list[str]) -> int:
        """What stands behind a "<", and where it ends."""
        following = text[at + 1 : at + 2]
        if following.isascii() and following.isalpha():
            return self._tag(text, at + 1, piece, inside)
        if following == "/" and text[at + 2 : at + 3].isalpha():
            return self._tag(text, at + 2, piece, inside, ends=True)
        if following in ("!", "?", "/"):
            comment = text.startswith("<!--", at) and not text.startswith(("<!-->", "<!--->"), at)
            begin, stop = (at + 4, "-->") if comment else (at + 2, ">")
            end = text.find(stop, begin)
            inside.append(text[begin:] if end < 0 else text[begin:end].strip("-"))
            return len(text) if end < 0 else end + len(stop)
        piece.text("<")
        return at + 1

    def _tag(
        self, text: str, at: int, piece: _Piece, inside: list[str], *, ends: bool = False
    ) -> int:
        begin = at
        found = _NAME.match(text, at)
        name, at = (found[0].lower(), found.end()) if found else ("", at)
        attributes: dict[str, str] = {}
        while True:
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
            key = _ATTRIBUTE.match(text, at)
            if key is None:
                break
            at = key.end()
            value = _VALUE.match(text, at)
            written = "" if value is None else value[1]
            at = at if value is None else value.end()
            if written.startswith(("'", '"')):
                written = written[1:-1]
            attributes.setdefault(key[0].lower(), unescaped(written))
            if "<" in written:
                inside.append(written)
        if text[at : at + 1] != ">":  # it never ends
            inside.append(text[begin + len(name) :])
            return len(text)
        if ends:
            piece.end(name)
        else:
            piece.start(name, attributes)
        return at + 1
