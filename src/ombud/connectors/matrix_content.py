"""What a message's content shows, all fields together: its text, its links, its files.

Clients differ in what they show of a content: the plain text or the formatted one, the old form of
a poll or the new one, the outside of an edit or what it puts in place. All of it is read, and what
two fields say alike is read once. Where the plain text is the formatted one's Markdown, the text as
people see it is taken. This module must never leave out what some client shows, but for the block
above a reply that repeats what is answered word for word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ombud.connectors import matrix_html
from ombud.connectors.matrix_html import Shown
from ombud.model import LINKS_MAX, MEDIA_MAX

TEXT_LENGTH_MAX = 65_536
URL_LENGTH_MAX = 4096
ANSWERS_MAX = 50  # of a poll
PARTS_MAX = 20  # forms of one text
POLL_FORMS = ("m.poll", "m.poll.start", "org.matrix.msc3381.poll.start")
LOCATION_FORMS = ("m.location", "org.matrix.msc3488.location")
FILE_FORMS = ("m.file", "org.matrix.msc1767.file")
CAPTION_FORMS = ("m.caption", "org.matrix.msc1767.caption")
TOPIC_FORMS = ("m.topic", "org.matrix.msc3765.topic")
GALLERY = "itemtypes"  # MSC4274: several files in one message, each with words of its own
ITEMS_MAX = 256  # of a gallery, and of previews
PROFILE_FORMS = ("m.per_message_profile", "com.beeper.per_message_profile")  # MSC4144
PREVIEW_FORMS = ("m.url_previews", "com.beeper.linkpreviews")  # MSC4095
PREVIEWED = ("og:title", "og:description", "og:site_name")
_PLAIN_FORMS = ("org.matrix.msc1767.text", "m.text", "body")
_HTML_FORMS = ("org.matrix.msc1767.html", "m.html")
_LIST_FORMS = ("m.text", "m.message", "org.matrix.msc1767.message")

_PILL = re.compile(r"https?://matrix\.to/#/(?:[@!#$+]|%(?:40|21|23|24|2B))[^\s\\]*", re.IGNORECASE)
_PERSON = re.compile(r"https?://matrix\.to/#/(?:@|%40)[^\s\\]*", re.IGNORECASE)
_POINT = re.compile(r"geo:[-+0-9.,;=a-z]*", re.IGNORECASE)
_SIGNS = re.compile(r"\A\s*(?:(?:[-*+\u2022]|#{1,6})(?:\s+|\Z)|>\s*)*(?:[0-9]{1,3}[.)]\s+)?")
_WEB = re.compile(r"https?:|//|www\.", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*([0-9]{1,3})[.)]\s+")
_TARGET = re.compile(r"\]\(<?([^\s()<>]{1,4096})>?\)")
_MARKS = frozenset("*_~`|\\[<>")
_QUOTED = re.compile(r"\A(?:> ?[^\n]*(?:\n|\Z))+\n?")
_WHOSE = re.compile(r"> ?(?:\* )?<@[^>\s:]{1,255}:[^>\s]{1,255}> ?")
_WHOM = re.compile(r"@[^>\s:]{1,255}:\S{1,255}")
_STAR = re.compile(r"\A\s*\* ")
_QUOTED_HTML = re.compile(r"\A\s*<mx-reply>(.*?)</mx-reply>", re.IGNORECASE | re.DOTALL)

Json = Mapping[str, Any]


class Said(NamedTuple):
    """What a content shows. `links`: each URL with its text."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.links or self.files)


def said(content: Json, repeats: Callable[[str], bool] | None = None) -> Said:
    """All that it shows. `repeats`: whether a text, as `flat` makes it, is that of the post which
    is answered.
    """
    gathered = _Gathered()
    new, content = content.get("m.new_content"), _without_quote(content, repeats)
    if isinstance(new, Mapping):
        gathered.content(new)
        content = _without_star(content)
    gathered.content(content)
    gathered.files += _elsewhere(content)
    for each in gathered.aside:
        gathered.add(each)
    web_first = sorted(dict.fromkeys(gathered.links), key=lambda link: not _WEB.match(link[0]))
    # beyond what is taken as links, where they lead is read as text
    gathered.add("\n".join(url for url, _ in web_first[LINKS_MAX:]))
    return Said(
        "\n".join(gathered.texts)[:TEXT_LENGTH_MAX],
        tuple(web_first[:LINKS_MAX]),
        tuple(dict.fromkeys(gathered.files))[:MEDIA_MAX],
    )


class _Gathered:
    """Texts, links and files so far; a text that is there already is not taken again. What is said
    aside comes behind all fields, so that it can push none of them out.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._there = " "  # all of them in one line
        self.aside: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.files: list[str] = []

    def content(self, content: Json) -> None:
        """One content, in the order in which it is read."""
        body = _text(content.get("body"))
        formatted = content.get("formatted_body")
        shown = (
            matrix_html.read(formatted[:TEXT_LENGTH_MAX]) if isinstance(formatted, str) else None
        )
        self.files += _files(content)
        if shown is not None:
            self._formatted(body, shown)
        else:
            self.add(body)
        for key in POLL_FORMS:
            self._poll(_record(content.get(key)))
        self.add(_text(content.get("filename")))
        for key in FILE_FORMS:
            self.add(_text(_record(content.get(key)).get("name")))
        for key in LOCATION_FORMS:
            self.add(_text(_record(content.get(key)).get("description")))
        for key in (*CAPTION_FORMS, *TOPIC_FORMS):
            self.part(content.get(key))
        self.part({key: content.get(key) for key in content if key != "body"})
        for each in _records(content.get(GALLERY)):
            self.content({key: each[key] for key in each if key != GALLERY})
        self._beside(content)

    def _beside(self, content: Json) -> None:
        """What single clients show beside a message: a name for this one alone, previews of links,
        a place that is more than a point.
        """
        for key in PROFILE_FORMS:
            self.aside.append(_text(_record(content.get(key)).get("displayname")))
        for key in PREVIEW_FORMS:
            for each in _records(content.get(key)):
                title = _text(each.get("og:title"))[:URL_LENGTH_MAX]
                for leads in (_text(each.get("matched_url")), _text(each.get("og:url"))):
                    if leads:
                        self.links.append((leads[:URL_LENGTH_MAX], title))
                self.aside += (_text(each.get(field)) for field in PREVIEWED)
        place = _text(content.get("geo_uri"))
        self.aside.append("" if _POINT.fullmatch(place) else place)

    def part(self, value: object) -> None:
        """An extensible part, in every form."""
        for text, is_html in _forms(value):
            if is_html:
                shown = matrix_html.read(text)
                self._formatted("", shown)
            else:
                self.add(text)

    def add(self, text: str) -> None:
        """A text, unless the same stands there."""
        plain = flat(text) if text else ""
        if not plain or f" {plain} " in self._there:
            return
        if f" {flat(_unnumbered(text))} " not in self._there:
            self.texts.append(text)
            self._there += f"{plain} "

    def _formatted(self, body: str, shown: Shown) -> None:
        text = _text(shown.text)
        if not text or _says(body, text) or _lined(body, shown):
            self.add(body)
        elif _rendered(body, shown, text):
            self.add(text)
        else:
            self.add(body)
            self.add(text)
        self.aside += map(_text, shown.aside)
        self.files += shown.files
        for url, text in shown.links:
            if not _PERSON.fullmatch(url):
                self.links.append((_text(url)[:URL_LENGTH_MAX], _text(text)[:URL_LENGTH_MAX]))

    def _poll(self, poll: Json) -> None:
        answers = poll.get("answers")
        self.part(poll.get("question"))
        for each in answers[:ANSWERS_MAX] if isinstance(answers, list) else ():
            self.part(each)


def _forms(value: object) -> Iterator[tuple[str, bool]]:
    """Each text of an extensible part, and whether it is HTML."""
    if isinstance(value, str):
        yield _text(value), False
        return
    part = {"m.text": value} if isinstance(value, list) else _record(value)
    for key in _LIST_FORMS:
        texts = part.get(key)
        for each in texts[:PARTS_MAX] if isinstance(texts, list) else ():
            one = _record(each)
            yield _text(one.get("body")), one.get("mimetype") == "text/html"
    for key in (*_PLAIN_FORMS, *_HTML_FORMS):
        if key in part:
            yield _text(part[key]), key in _HTML_FORMS


def _files(content: Json) -> Iterator[str]:
    """The files of a content that lie on a homeserver, the main one first."""
    info = _record(content.get("info"))
    places = (
        content.get("url"),
        _record(content.get("file")).get("url"),
        *(_record(content.get(key)).get("url") for key in FILE_FORMS),
        info.get("thumbnail_url"),
        _record(info.get("thumbnail_file")).get("url"),
    )
    for each in places:
        if isinstance(each, str) and each:
            yield _text(each)


def _elsewhere(content: Json) -> Iterator[str]:
    """Every other file that is named in a field of its own: what reads a message finds the same
    files as what takes them away. The picture of whoever speaks is none of the message.
    """
    left: list[object] = [content]
    while left:
        value = left.pop()
        if isinstance(value, str) and value.startswith("mxc://"):
            yield _text(value)
        elif isinstance(value, list):
            left += reversed(value)
        elif isinstance(value, Mapping):
            left += reversed([value[key] for key in value if key not in PROFILE_FORMS])


# --- what says the same ---------------------------------------------------------------------------


def _says(whole: str, text: str) -> bool:
    """Whether a text stands in another one, as whole words, apart from white space."""
    return f" {flat(text)} " in f" {flat(whole)} "


def flat(text: str) -> str:
    """With single blanks for all white space."""
    return " ".join(text.split())


def _unnumbered(text: str) -> str:
    """A text whose lines are numbered from one, without the numbers: so polls repeat their answers
    for clients that know of no polls.
    """
    lines, number = [], 0
    for line in text.split("\n"):
        found = _NUMBERED.match(line)
        if found is not None and int(found[1]) == number + 1:
            number, line = number + 1, line[found.end() :]  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def _lined(body: str, shown: Shown) -> bool:
    """Whether a body shows the same lines, apart from signs at their beginning for what formatted
    text shows in its own way: bullets, quotes, headings, blocks of code.
    """
    plain = [line for line in map(flat, body.split("\n")) if line]
    if len(plain) != len(shown.lines):
        return False
    return all(
        flat(line.text) == text or (line.marked and _SIGNS.sub("", text, count=1) == line.text)
        for text, line in zip(plain, shown.lines, strict=True)
    )


def _rendered(body: str, shown: Shown, text: str) -> bool:
    """Whether a body is Markdown of what is shown. Its signs may be missing there, where none of
    them parts a word that is shown as one: what stands between them is shown as it is.
    """
    plain = [line for line in map(flat, body.split("\n")) if line]
    if len(plain) == len(shown.lines):
        plain = [
            ""
            if line.fence and line.text == each
            else _SIGNS.sub("", each, count=1)
            if line.marked
            else each
            for each, line in zip(plain, shown.lines, strict=True)
        ]
    urls = frozenset(url for url, _ in shown.links)
    return _aligned(flat("\n".join(plain)), flat(text), urls)


def _aligned(body: str, shown: str, urls: frozenset[str]) -> bool:
    at = seen = 0
    skipped = False
    while at < len(body):
        if seen < len(shown) and body[at] == shown[seen]:
            if skipped and body[at].isalnum() and seen and shown[seen - 1].isalnum():
                return False
            at, seen, skipped = at + 1, seen + 1, False
            continue
        target = _TARGET.match(body, at) if body[at] == "]" else None
        if target is not None and matrix_html.address(target[1]) in urls:
            at = target.end()
        elif body[at] in _MARKS or (
            skipped and body[at] == " " and shown[seen - 1 : seen] in ("", " ")
        ):
            at += 1
        else:
            return False
        skipped = True
    return seen == len(shown)


# --- what is repeated -----------------------------------------------------------------------------


def _without_star(content: Json) -> Json:
    """The outside of an edit, without the star that says so to clients that know of no edits."""
    stripped = {
        key: _STAR.sub("", content[key], count=1)
        for key in ("body", "formatted_body")
        if isinstance(content.get(key), str)
    }
    return {**content, **stripped}


def _without_quote(content: Json, repeats: Callable[[str], bool] | None) -> Json:
    """Without the block that repeats what is answered, where it does, word for word."""
    if repeats is None:
        return content
    body, formatted = content.get("body"), content.get("formatted_body")
    if isinstance(body, str):
        found = _QUOTED.match(body)
        if found is not None:
            whose = _WHOSE.match(body)
            lines = found[0][whose.end() if whose else 0 :].split("\n")
            quoted = "\n".join(line.removeprefix(">") for line in lines)
            if repeats(flat(quoted)):
                content = {**content, "body": body[found.end() :]}
    if isinstance(formatted, str):
        inner = _QUOTED_HTML.match(formatted)
        if inner is not None and _repeats(matrix_html.read(inner[1]), repeats):
            content = {**content, "formatted_body": formatted[inner.end() :]}
    return content


def _repeats(quoted: Shown, repeats: Callable[[str], bool]) -> bool:
    """Whether it says "In reply to", whom, and the text that is answered, and nothing else."""
    if any(not _PILL.fullmatch(url) for url, _ in quoted.links) or quoted.files or quoted.aside:
        return False
    rest = flat(quoted.text).removeprefix("In reply to").lstrip()
    whom = _WHOM.match(rest)
    return repeats(flat(rest[whom.end() :] if whom else rest))


# --- in small -------------------------------------------------------------------------------------


def _record(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _records(value: object) -> list[Json]:
    return list(map(_record, value[:ITEMS_MAX])) if isinstance(value, list) else []


def _text(value: object) -> str:
    """A text as it can be written; of what is none, nothing."""
    whole = value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
    return whole[:TEXT_LENGTH_MAX]
