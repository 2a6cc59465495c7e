"""Street addresses in text, English and Vietnamese: where somebody could be found.

English: a house number, one to three capitalised words or an ordinal, and a word for a street
("221B Baker Street"); in small letters only behind "at", "on", "address" or "lives" and with an
unmistakable word (street, avenue, road, lane, boulevard); post-office boxes.
Vietnamese: a house number with a word for a street or alley and, within 80 characters, one for a
ward, district or city; "số nhà 12". A street alone, a village or a home town is no address.
Addresses of other countries are not read. This module must never look a place up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

AREA_WITHIN = 80  # characters in which ward, district or city must follow

_STREET = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace"
    "|Ter|Square|Sq|Close|Crescent|Cres|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Alley|Grove"
    "|Gardens|Mews|Row|Hill|Plaza"
)
_ENGLISH = re.compile(
    r"[1-9]\d{0,4}[A-Za-z]?(?:-\d{1,4})?,? (?:(?:[NSEW]|NE|NW|SE|SW)\.? )?"
    r"(?:(?:[A-Z][\w'’\-]{0,24}\.?|\d{1,3}(?:st|nd|rd|th)) ){1,3}"
    rf"(?:{_STREET})(?![\w'’])"
)
_SMALL = re.compile(
    r"[1-9]\d{0,4}[a-z]? (?:[a-z][a-z'’\-]{1,24} ){1,3}"
    r"(?:street|avenue|ave|road|lane|boulevard|blvd)(?![\w'’])"
)
_AT = re.compile(r"(?<![^\W_])(?:at|on|address(?: is)?:?|lives?|lives? in) $")
_YEAR = re.compile(r"(?:19|20)\d\d ")
_IN = ("in ", "since ", "by ", "of ", "until ", "from ", "after ", "before ")
_BOX = re.compile(r"(?<![^\W_])p\.? ?o\.? ?box $")
_HOUSE = re.compile(r"(?<![^\W_])(?:số nhà|so nha|nhà số|nha so)[ :]{1,2}$")
_ALLEY = re.compile(r"(?<![^\W_])(?:ngõ|ngách|hẻm|kiệt|hem|ngach) $")
# How the words before a house number end: a quick look.
_WORDS = (
    *("nhà ", "nha ", "nhà:", "số ", "so ", ": ", "box "),
    *("ngõ ", "ngách ", "hẻm ", "kiệt ", "hem ", "ngach "),
)
_AT_ENDS = ("at ", "on ", "ss ", "is ", ": ", "live ", "lives ", "in ")
_NUMBER = re.compile(r"\d{1,5}[a-z]?(?:/\d{1,4}[a-z]?){0,4}(?![\w/])")
_VIETNAMESE = re.compile(
    r"\d{1,5}[a-z]?(?:/\d{1,4}[a-z]?){0,4}(?:,? "
    r"(?:đường|duong|phố|pho|ngõ|ngo|ngách|ngach|hẻm|hem|kiệt|kiet|đ\.|đg\.) ?\w"
    r"| (?:[^\W\d_]{1,12} ){1,4}[^\W\d_]{1,12},"
    r"(?= (?:phường|phuong|p\.|quận|quan|q\.|xã|huyện)))"
)
_AREA = re.compile(
    r"(?<![^\W_])(?:phường|phuong|p\.? ?\d|quận|quan \d|q\.? ?\d|huyện|huyen|xã|thị trấn|thị xã"
    r"|tp\.? ?[^\W\d_]|thành phố|thanh pho|tỉnh|hà nội|ha noi|hồ chí minh|ho chi minh|hcm"
    r"|sài gòn|sai gon|đà nẵng|da nang|hải phòng|cần thơ)"
)
_GROUP = re.compile(r"[0-9]+")
_BEFORE = 16  # characters before a house number in which a word for it may stand


def addresses(text: str, low: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in a plain text; `low` is the same text in lower case."""
    behind = 0
    for number in _GROUP.finditer(low):
        start = number.start()
        if start < behind or number.end() - start > 6:
            continue
        end = _address(text, low, start)
        if end is not None:
            yield start, end
            behind = max(end, _area_end(low, end))


def _address(text: str, low: str, start: int) -> int | None:
    """Where the address ends whose house number begins here; None where there is none."""
    sign = low[start - 1 : start]
    if sign and (sign.isalnum() or sign in "_/.,$€£#-"):
        return None
    before = low[max(0, start - _BEFORE) : start]
    found = _ENGLISH.match(text, start)
    if found is not None and not _year(before, found.group()):
        return found.end()
    number = _NUMBER.match(low, start) if before.endswith(_WORDS) else None
    if number is not None:
        if _HOUSE.search(before) is not None or _BOX.search(before) is not None:
            return number.end()
        if _ALLEY.search(before) is not None and _area_end(low, number.end()) > number.end():
            return number.end()
    if before.endswith(_AT_ENDS):
        found = _SMALL.match(low, start)
        if found is not None and _AT.search(before) is not None:
            return found.end()
    found = _VIETNAMESE.match(low, start)
    if found is not None and _area_end(low, found.end()) > found.end():
        return found.end()
    return None


def _year(before: str, address: str) -> bool:
    """Whether the house number is a year: "in 2012 Wall Street ..."."""
    return _YEAR.match(address) is not None and before.endswith(_IN)


def _area_end(low: str, stop: int) -> int:
    """Where the ward and district behind an address begin, so that it is one address with them."""
    area = _AREA.search(low, stop, stop + AREA_WITHIN)
    return stop if area is None else area.end()
