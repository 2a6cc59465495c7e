"""How phone numbers are written, from groups of digits: in Vietnam, abroad, and national forms.

Alone, without a word that says "phone", these count:

- Vietnam: mobile `09xx xxx xxx` (03, 05, 07, 08, 09), the old eleven digits (012x, 016x, 018x,
  019x), landline `024 xxxx xxxx`; also `84` or `+84` in front;
- any country: `+` or `00`, a calling code that is assigned, and a national part;
- North America: `(212) 555-0123`, `212-555-0123`, with or without a 1 in front;
- elsewhere: a leading 0 and nine to twelve digits in two to five groups, not all of two digits.

With such a word any seven to fifteen digits do. Numbers that anybody may call are not private and
never count: toll-free and service numbers (`1900 xxxx`, `1800 xxxx`, `800`, `0800`), short codes.
This module must never ask whether a number is in use.
"""

from __future__ import annotations

DIGITS_MIN, DIGITS_MAX = 7, 15  # E.164 allows 15

# Assigned calling codes (ITU-T E.164, list of assigned country codes), by length.
_CODES = """
1 7
20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66
81 82 84 86 90 91 92 93 94 95 98
211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239
240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265
266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375
376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590
591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687
688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973
974 975 976 977 992 993 994 995 996 998
"""
_CODE = frozenset(_CODES.split())
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888", "900"})
_PLACEHOLDERS = frozenset({"0123456789", "0987654321"})
_OLD_MOBILE = ("012", "016", "018", "019")


class Written:
    """Digits as they stand in a text: in groups, with what stands between, behind a plus or not.

    `digits`: all of them; `shape`: the length of each group; `row`: more groups follow or go
    before, with the same signs between.
    """

    __slots__ = ("between", "digits", "groups", "plus", "row", "shape")

    def __init__(
        self, groups: tuple[str, ...], between: tuple[str, ...], plus: bool, row: bool = False
    ) -> None:
        self.groups = groups
        self.between = between
        self.plus = plus
        self.row = row
        self.digits = "".join(groups)
        self.shape = tuple(map(len, groups))


def phone(written: Written, *, named: bool) -> bool:
    """Whether it is a phone number of a person. `named`: a word before it says "phone"."""
    digits = written.digits
    if len(digits) < DIGITS_MIN or digits in _PLACEHOLDERS or digits.endswith("000000"):
        return False
    if public(digits):
        return False
    if written.plus:
        return international(digits)
    if dated(written) and not named:
        return False
    return (
        vietnamese(written)
        or (digits.startswith("00") and international(digits[2:]))
        or american(written)
        or national(written)
        or (named and len(digits) <= DIGITS_MAX)
    )


def public(digits: str) -> bool:
    """Whether anybody may call it: service, toll-free and short numbers."""
    if digits[:4] in ("1900", "1800") and len(digits) in (8, 10):
        return True
    bare = digits.removeprefix("00").removeprefix("1") if len(digits) in (11, 13) else digits
    return (len(bare) == 10 and bare[:3] in _TOLL_FREE) or digits.startswith("0800")


def international(digits: str) -> bool:
    """Whether digits after a plus are a calling code and a national number of fitting length."""
    if digits.startswith("1"):
        return len(digits) == 11 and _exchange(digits[1:])
    if digits.startswith("84"):
        return subscriber("0" + digits[2:].removeprefix("0"))
    known = any(digits[:size] in _CODE for size in (1, 2, 3))
    return known and 9 <= len(digits) <= DIGITS_MAX


def vietnamese(written: Written) -> bool:
    """A Vietnamese number with its 0, or with 84 in front, in groups that people write."""
    digits = written.digits
    if digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    if not subscriber(digits):
        return False
    shape = written.shape
    if len(shape) > 1 and shape[0] == 1 and shape[1] > 3:
        return False  # "0.912345678" is a fraction
    return len(shape) <= 5 or set(shape) == {1}


def subscriber(digits: str) -> bool:
    """Digits from the 0 on: mobile, old mobile, landline with an area code of today."""
    if len(digits) == 10:
        return digits[0] == "0" and digits[1] in "35789" and not digits.startswith("080")
    if len(digits) == 11:
        return digits.startswith(_OLD_MOBILE) or digits.startswith("02")
    return False


def american(written: Written) -> bool:
    """Area, exchange and line in groups of 3, 3 and 4, a 1 in front or not."""
    groups, between = written.groups, written.between
    if written.row:
        return False
    if len(groups) == 4 and groups[0] == "1":
        groups, between = groups[1:], between[1:]
    if tuple(map(len, groups)) != (3, 3, 4) or not _exchange("".join(groups)):
        return False
    return between[1].strip(" ") in ("-", ".", "") and len(between[1]) <= 3


def _exchange(ten: str) -> bool:
    return len(ten) == 10 and ten[0] in "23456789" and ten[3] in "23456789"


def national(written: Written) -> bool:
    """A leading 0, nine to twelve digits, two to five groups that are not all pairs."""
    digits, shape = written.digits, written.shape
    if digits[0] != "0" or digits[1] == "0" or not 9 <= len(digits) <= 12:
        return False
    if written.row or not 2 <= len(shape) <= 5 or set(shape) == {2} or shape[0] < 2:
        return False
    return len(set(written.between[1:])) <= 1


def dated(written: Written) -> bool:
    """Whether the digits begin with a date: `03.12.2023 15`, `2023-12-03 1530`."""
    if len(written.groups) < 3 or 1 in written.shape[2:3]:
        return False
    first, second, third = (int(group) for group in written.groups[:3])
    if len(written.groups[0]) == 4:
        return 1900 <= first <= 2100 and second <= 12 and third <= 31
    year = written.shape[2] == 4 and 1900 <= third <= 2100
    return year and 0 < first <= 31 and 0 < second <= 31
