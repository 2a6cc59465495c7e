"""ClaimReview as publishers write it (schema.org, JSON-LD), read item by item.

Taken are: one ClaimReview, an array of them, a DataFeed, an `@graph`, and any of these on each line
of a file. Every item is checked by itself: one that cannot be taken is told with its place, what is
wrong and what to do, and costs no other. Who made the claim (`itemReviewed`) is not read. This
module must never fetch anything, nor follow a reference inside a document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from ombud.errors import BadData, catalogue
from ombud.signals import links, views
from ombud.signals.factchecks.claim import (
    CLAIM_MAX,
    CLAIMS_MAX,
    HEADLINE_MAX,
    NAME_MAX,
    URL_MAX,
    Claim,
)

catalogue(
    D060=(
        "This is no fact-check: {detail}.",
        "The publisher must mend it. The other items were taken.",
    ),
    D061=(
        "The document cannot be read: {detail}.",
        "Give ClaimReview as JSON: an item, an array, a DataFeed, or one of these on each line.",
    ),
    D062=(
        "There is no fact-check in it that can be taken ({refused} refused).",
        "What was imported before stays as it is.",
    ),
)

DEPTH_MAX = 8
PROBLEMS_MAX = 100  # that are told; all are counted
ITEMS_MAX = 4 * CLAIMS_MAX
ITEM_BYTES_MAX = 1 << 20
TYPE_BYTES_MAX = 1000
TOKENS_MAX = 16_000_000  # brackets, commas and texts; an honest feed of 64 MiB has 8 million


class Taken(NamedTuple):
    """What a document holds: claims, each once; problems, told and counted; and how many are of
    publishers that were not asked for.
    """

    claims: tuple[Claim, ...]
    problems: tuple[BadData, ...]
    refused: int
    others: int


def read(content: bytes, publishers: Collection[str] = ()) -> Taken:
    """The fact-checks of a document; with `publishers`, only those of these sites. Raises BadData
    D061 where it cannot be read at all.
    """
    claims: dict[str, Claim] = {}
    problems: list[BadData] = []
    refused = others = 0
    for number, (where, item) in enumerate(_documents(content)):
        if number == ITEMS_MAX:
            raise BadData("D061", where, detail=f"it has more than {ITEMS_MAX} items")
        claim = _taken(item, where)
        if isinstance(claim, BadData):
            refused += 1
            if len(problems) < PROBLEMS_MAX:
                problems.append(claim)
        elif publishers and site(claim) not in publishers:
            others += 1
        elif len(claims) < CLAIMS_MAX:
            claims.setdefault(claim.id, claim)
    return Taken(tuple(claims.values()), tuple(problems), refused, others)


def site(claim: Claim) -> str:
    """The site on which a fact-check stands: what a publisher is known by."""
    address = links.parse(claim.url)
    return address.domain if address else ""


# --- documents ------------------------------------------------------------------------------------


class _Outer(msgspec.Struct):
    """What may hold items, undecoded."""

    type: msgspec.Raw | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="@type")
    graph: msgspec.Raw | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="@graph")
    elements: msgspec.Raw | msgspec.UnsetType = msgspec.field(
        default=msgspec.UNSET, name="dataFeedElement"
    )
    item: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_outer = msgspec.json.Decoder(_Outer)
_sound = msgspec.json.Decoder(msgspec.Raw)  # walks through a document and keeps nothing of it
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.DOTALL)
_LINE = re.compile(rb"[^\n]+")
_FIRST = re.compile(rb"\s*+(.)", re.DOTALL)


def _documents(content: bytes) -> Iterator[tuple[str, Any]]:
    """Every item with its place: the document's, or those of its lines; a BadData where one cannot
    be read. One item is decoded at a time, so that memory stays near what the document takes.
    """
    left = [TOKENS_MAX]
    try:
        _check(content)
    except ValueError as error:
        yield from _of_lines(content, error, left)
        return
    yield from _items(memoryview(content), "$", 0, left)


def _of_lines(content: bytes, error: ValueError, left: list[int]) -> Iterator[tuple[str, Any]]:
    """The items of each line that can be read. Raises BadData D061, with what is wrong with the
    whole, where neither of the first two can.
    """
    number, end, before, read_any = 1, 0, 0, False
    unreadable = BadData("D061", "document", detail=str(error))
    for line in _LINE.finditer(content):
        number += content.count(b"\n", end, line.start())
        end = line.start()
        if not line.group().strip():
            continue
        where = f"line {number}"
        before += 1
        if before == 1 and not line.group().lstrip().startswith((b"{", b"[")):
            raise unreadable
        try:
            _check(line.group())
        except ValueError as problem:
            if before >= 2 and not read_any:
                raise unreadable from None
            yield where, BadData("D060", where, detail=str(problem))
            continue
        read_any = True
        yield from _items(memoryview(line.group()), where, 0, left)
    if not read_any:
        raise unreadable


def _check(part: bytes) -> None:
    """Raises ValueError with a short reason where this is no JSON."""
    try:
        _sound.decode(part)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)[:150]) from None


def _items(part: memoryview, where: str, depth: int, left: list[int]) -> Iterator[tuple[str, Any]]:
    """The items of a part of a document: what is a container is looked into."""
    first = _FIRST.match(part)
    begins = first[1] if first else b""
    if begins == b"[" and depth < DEPTH_MAX:
        for number, each in enumerate(_elements(part, left)):
            yield from _items(each, f"{where}[{number}]", depth + 1, left)
        return
    try:
        if begins == b"{" and depth < DEPTH_MAX:
            name, inner = _inside(part)
            if inner is not None:
                yield from _items(inner, f"{where}.{name}", depth + 1, left)
                return
        if len(part) > ITEM_BYTES_MAX:
            item = BadData("D060", where, detail=f"it is larger than {ITEM_BYTES_MAX} bytes")
        else:
            item = msgspec.json.decode(part)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        item = BadData("D060", where, detail=str(error)[:150])
    yield where, item


def _elements(part: memoryview, left: list[int]) -> Iterator[memoryview]:
    """The elements of an array, undecoded, one by one. What is given is sound JSON. Raises BadData
    D061 where a document has more parts than are looked at.
    """
    depth, start = 0, 0
    for token in _TOKEN.finditer(part):
        left[0] -= 1
        if left[0] < 0:
            detail = f"it has more than {TOKENS_MAX} parts"
            raise BadData("D061", "document", detail=detail)
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            start = start or token.end()
        elif sign in (b"]", b"}"):
            depth -= 1
            if depth == 0 and bytes(part[start : token.start()][:1000]).strip():
                yield part[start : token.start()]
        elif sign == b"," and depth == 1:
            yield part[start : token.start()]
            start = token.end()


def _inside(part: memoryview) -> tuple[str, memoryview | None]:
    """What an object holds items in, with its name; None where it is an item itself."""
    found = _outer.decode(part)
    said = memoryview(b"null" if isinstance(found.type, msgspec.UnsetType) else found.type)
    if len(said) <= TYPE_BYTES_MAX and _is({"@type": msgspec.json.decode(said)}, "ClaimReview"):
        return "", None
    named = {"@graph": found.graph, "dataFeedElement": found.elements, "item": found.item}
    for name, inner in named.items():
        if isinstance(inner, msgspec.Raw):
            return name, memoryview(inner)
    return "", None


def _is(item: Mapping[str, Any], kind: str) -> bool:
    """Whether an item says that it is of a type, by its short or full name."""
    types = item.get("@type")
    return any(
        isinstance(each, str) and each.rpartition("/")[2].rpartition(":")[2] == kind
        for each in (types if isinstance(types, list) else [types])
    )


# --- one item -------------------------------------------------------------------------------------


def _taken(item: Any, where: str) -> Claim | BadData:
    """One item, or what is wrong with it."""
    if isinstance(item, BadData):
        return item
    try:
        return _claim(item, where)
    except BadData as problem:
        return problem


def _claim(item: Any, where: str) -> Claim:
    """One ClaimReview. Raises BadData D060 with the place of what is wrong."""
    if not isinstance(item, dict) or not _is(item, "ClaimReview"):
        raise BadData("D060", where, detail='its "@type" is not ClaimReview')
    return Claim(
        claim=_text(item, "claimReviewed", where, CLAIM_MAX),
        publisher=_publisher(item, where),
        rating=_rating(item, where),
        url=_url(item, where),
        headline=_headline(item),
        date=_date(item, where),
        lang=_language(item),
    )


def _plain(value: Any, limit: int) -> str:
    """A text on one line, in Unicode's composed form; empty where it is none."""
    if not isinstance(value, str):
        return ""
    shown = " ".join(views.compose(value[: 4 * limit]).split())
    return "".join(each for each in shown if each.isprintable())


def _text(item: Mapping[str, Any], name: str, where: str, limit: int) -> str:
    found = _plain(item.get(name), limit)
    if not found:
        raise BadData("D060", f"{where}.{name}", detail=f"{name} is missing, or no text")
    if len(found) > limit:
        raise BadData("D060", f"{where}.{name}", detail=f"{name} is longer than {limit} characters")
    return found


def _headline(item: Mapping[str, Any]) -> str:
    found = _plain(item.get("headline"), HEADLINE_MAX) or _plain(item.get("name"), HEADLINE_MAX)
    return found[:HEADLINE_MAX]


def _publisher(item: Mapping[str, Any], where: str) -> str:
    """The name of whoever checked: `author`, else `publisher`; the first of several."""
    for name in ("author", "publisher"):
        found = item.get(name)
        if isinstance(found, list):
            found = found[0] if found else None
        named = _plain(found.get("name") if isinstance(found, dict) else found, NAME_MAX)
        if named:
            return named[:NAME_MAX]
    raise BadData("D060", f"{where}.author", detail="neither author nor publisher has a name")


def _rating(item: Mapping[str, Any], where: str) -> str:
    """The rating in the publisher's words; where it has only a number, with the end of its scale.

    A bare number would be read by each in another way.
    """
    found = item.get("reviewRating")
    place = f"{where}.reviewRating"
    if not isinstance(found, dict):
        raise BadData("D060", place, detail="reviewRating is missing")
    for name in ("alternateName", "name"):
        words = _plain(found.get(name), NAME_MAX)
        if words:
            return words[:NAME_MAX]
    value, best = found.get("ratingValue"), found.get("bestRating")
    if not all(isinstance(each, int | str) and str(each).isdecimal() for each in (value, best)):
        raise BadData("D060", place, detail="reviewRating has no alternateName, and no scale")
    if len(f"{value}{best}") > 12:
        raise BadData("D060", place, detail="the numbers of reviewRating are too long")
    return f"{value} / {best}"


def _url(item: Mapping[str, Any], where: str) -> str:
    """The address of the fact-check, as a browser writes it: it is shown as a link."""
    given = item.get("url")
    place = f"{where}.url"
    if not isinstance(given, str) or not given:
        raise BadData("D060", place, detail="url is missing, or no text")
    if len(given) > URL_MAX or not given.startswith(("https://", "http://")):
        raise BadData("D060", place, detail="url is no web address")
    address = links.parse(given)
    if address is None or "@" in address.url.partition("://")[2].partition("/")[0]:
        raise BadData("D060", place, detail="url is no web address")
    if len(address.url) > URL_MAX or not (address.url.isascii() and address.url.isprintable()):
        raise BadData("D060", place, detail="url is no web address")
    return address.url


def _date(item: Mapping[str, Any], where: str) -> str:
    """The day of the fact-check; empty where none is given."""
    given = item.get("datePublished")
    if given is None:
        return ""
    try:
        return date.fromisoformat(str(given)[:10]).isoformat()
    except ValueError:
        raise BadData("D060", f"{where}.datePublished", detail="it is no date") from None


def _language(item: Mapping[str, Any]) -> str:
    """The language's code, as far as one is given: `vi` of `vi-VN`."""
    given = item.get("inLanguage")
    if isinstance(given, dict):
        given = given.get("alternateName")
    code = given.partition("-")[0].partition("_")[0].lower() if isinstance(given, str) else ""
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else ""
