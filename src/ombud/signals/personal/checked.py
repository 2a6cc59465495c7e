"""Numbers that check themselves: payment cards, IBANs, identity numbers.

A check keeps out most numbers that only look so, never all: of random digits in the right form one
in ten passes for a card, one in 97 for an IBAN, about one in sixty for a Vietnamese identity
number. This module must never conclude that a number is in use.
"""

from __future__ import annotations

import re

# Lengths of IBANs by country (ISO 13616 register).
_IBAN_LENGTHS = """
ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 br29 by28 ch21 cr22 cy28 cz24 de22 dk18 do28 ee20 eg29
es24 fi18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20
lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mr27 mt31 mu30 nl18 no15 pk24 pl28 ps29 pt25
qa29 ro24 rs22 sa24 sc31 sd18 se24 si19 sk24 sm27 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20
"""
IBAN_LENGTH = {each[:2].upper(): int(each[2:]) for each in _IBAN_LENGTHS.split()}
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ \-]?[A-Za-z0-9])")

# Provinces in Vietnamese identity numbers, by the code they had when the number was given.
_PROVINCES = """
001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037
038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079
080 082 083 084 086 087 089 091 092 093 094 095 096
"""
PROVINCES = frozenset(_PROVINCES.split())
CENTURY_MAX = 3  # 0 and 1: born in the 1900s, 2 and 3: in the 2000s
_DOUBLED = str.maketrans("0123456789", "0246813579")  # the digits of twice a digit, added up
BORN_MAX = 40  # the latest year of the 2000s that is believed


def luhn(digits: str) -> bool:
    """Whether the last digit fits the others (ISO/IEC 7812-1)."""
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def card(digits: str) -> bool:
    """Whether digits are a payment card's: a known prefix, its length, and the check digit."""
    size = len(digits)
    if not 13 <= size <= 19 or not luhn(digits) or len(set(digits)) < 3:
        return False
    two, three, four = int(digits[:2]), int(digits[:3]), int(digits[:4])
    return (
        (digits[0] == "4" and size in (13, 16, 19))  # Visa
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and size == 16)  # Mastercard
        or (two in (34, 37) and size == 15)  # American Express
        or ((four == 6011 or 644 <= three <= 649 or two == 65) and size in (16, 19))  # Discover
        or ((300 <= three <= 305 or two in (36, 38, 39)) and size == 14)  # Diners Club
        or (3528 <= four <= 3589 and size in (16, 19))  # JCB
        or (four in (1800, 2131) and size == 15)  # JCB, the old ones
        or (two == 62 and size in (16, 17, 18, 19))  # UnionPay
        or (four == 9704 and size in (16, 19))  # Napas, Vietnam
        or ((two in (50, 67) or 5600 <= four <= 5899 or two == 63) and size in (13, 16, 18, 19))
    )  # the last: Maestro


def iban(text: str, start: int) -> int | None:
    """Where the IBAN that begins at `start` ends; None where there is none."""
    length = IBAN_LENGTH.get(text[start : start + 2].upper())
    if length is None:
        return None
    compact = ""
    at = start
    while len(compact) < length and at < len(text):
        sign = text[at]
        if sign.isascii() and sign.isalnum():
            compact += sign
        elif sign not in " -" or (at and text[at - 1] in " -"):
            return None
        at += 1
    if len(compact) < length or (at < len(text) and text[at].isalnum()):
        return None
    moved = compact[4:] + compact[:4]
    number = "".join(str(int(sign, 36)) for sign in moved)
    return at if int(number) % 97 == 1 else None


def vietnamese_identity(digits: str) -> bool:
    """Whether twelve digits can be a citizen's identity number: province, century and sex, year."""
    if len(digits) != 12 or digits[:3] not in PROVINCES:
        return False
    century, year = int(digits[3]), int(digits[4:6])
    if century > CENTURY_MAX or len(set(digits[6:])) == 1:
        return False
    return century < 2 or year <= BORN_MAX


def social_security(digits: str) -> bool:
    """Whether nine digits can be a US social security number: no part of zeros, no area unused."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"
