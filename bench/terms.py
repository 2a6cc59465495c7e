"""Long lists alone: 100,000 terms looked for in messages, a million sites looked up.

The peer for terms is pyahocorasick with the same forms of the same terms and the same rules about
where words end, which are written again here. A row is taken only after both have found the same
terms in every message. The views of a message are made beforehand for both. The peer for sites is
a Python set that is asked about a host and each domain above it. Terms and messages are made up,
seeded. This module must never put an offensive word into a list or a message.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

from bench import workload
from bench.measure import Row, Target, cpu, rates
from ombud.signals import views
from ombud.signals.lists.terms import TermList
from ombud.signals.lists.words import FOUND_MAX, starred
from ombud.simulate.language import Speaker

TERMS, SITES, MESSAGES = 100_000, 1_000_000, 2_000
FIND = "{count:,} terms in a message, {language}"
BUILD = "list of {count:,} terms made ready, {order}"
LOOK = "a host in a list of {count:,} sites"
PER_SECOND = 1e6 / 40, 1e6 / 15  # 40 microseconds a message, 15 as a stretch
_SYLLABLES = [a + b for a in "bcdfghklmnprstv" for b in ("a", "e", "i", "o", "u", "an", "or")]
_TONED = """
đánh bạc trực tuyến khuyến mãi nạp rút tiền thưởng cá độ bóng đá lô đề việc nhẹ lương cao mở tài
khoản vay nhanh lãi thấp giải ngân trong ngày
"""
_UNSPACED = (
    (0xE00, 0xFFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF),
    (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip

Find = Callable[["Message"], set[str]]


class Message(NamedTuple):
    """A message in the views in which terms are looked for."""

    normal: str
    folded: str
    skeleton: str


class Different(ValueError):
    """The peer did not find what we found: there is no row of it."""


def rows(*, quick: bool) -> list[Row]:
    """All comparisons; a peer that finds other terms, or is not there, is told of and left out."""
    rounds = 3 if quick else 9
    found: list[Row] = []
    made = terms(TERMS)
    for take in (_finding, _making):
        try:
            found += take(made, rounds)
        except (ImportError, Different) as problem:
            print(f"no row: {problem}", file=sys.stderr)
    return [*found, _looking(SITES // 10 if quick else SITES, rounds)]


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with the target of our own figure, where it has one, and whether it is met."""
    target = None
    if " in a message" in row.name:
        target = Target(at_least=True, ratio=PER_SECOND[0], stretch=round(PER_SECOND[1]))
    if "made ready" in row.name:
        target = Target(at_least=True, ratio=1.0, stretch=2.0)
    if target is None:
        return row.as_json()
    return row.as_json() | {"target": f"ours {target}", "met": target.met(row.ours)}


def _finding(made: Sequence[str], rounds: int) -> list[Row]:
    listed, theirs = TermList("some", tuple(made), stars=True), peer(made)
    own = ours(listed)

    def found(language: str) -> Row:
        told = messages(made, MESSAGES, language)
        same(own, theirs, told)
        return rates(
            FIND.format(count=len(made), language=language),
            lambda: len(told) / cpu(lambda: list(map(own, told))),
            lambda: len(told) / cpu(lambda: list(map(theirs, told))),
            rounds=rounds,
            unit="messages per CPU second",
            peer_is="pyahocorasick, the same forms and word boundaries",
        )

    return list(map(found, workload.LANGUAGES))


def _making(made: Sequence[str], rounds: int) -> list[Row]:
    def ready(order: str, some: Sequence[str]) -> Row:
        return rates(
            BUILD.format(count=len(made), order=order),
            lambda: 1 / cpu(lambda: TermList("some", tuple(some), stars=True).words),
            lambda: 1 / cpu(lambda: peer(some)),
            rounds=rounds,
            unit="lists per CPU second",
            peer_is="pyahocorasick, the same forms",
        )

    return [ready("shuffled", made), ready("sorted", sorted(made))]


def same(own: Find, other: Find, told: Sequence[Message]) -> int:
    """How many terms both found in the messages; an error where one finds what the other does not.

    Ours stops at FOUND_MAX: what it found must be among the peer's then.
    """
    total = 0
    for message in told:
        here, there = own(message), other(message)
        if here != there and not (len(here) == FOUND_MAX and here < there):
            raise Different("pyahocorasick finds other terms than we do")
        total += len(here)
    return total


def ours(listed: TermList) -> Find:
    """Our own way to find terms."""
    return lambda message: set(listed.find(None, *message))


def peer(made: Sequence[str]) -> Find:
    """The same terms for pyahocorasick: one automaton of all forms."""
    import ahocorasick

    forms: dict[str, list[tuple[str, bool, int]]] = {}
    for term in made:
        letters, sides = starred(term)
        forms.setdefault(views.normalise(letters), []).append((term, False, sides))
        forms.setdefault(views.skeleton(letters), []).append((term, True, sides))
    automaton = ahocorasick.Automaton()
    for form, meant in forms.items():
        automaton.add_word(form, (len(form), meant))
    automaton.make_automaton()

    def find(message: Message) -> set[str]:
        found = set()
        for number, view in enumerate(message):
            for last, (length, meant) in automaton.iter(view):
                start, end = last + 1 - length, last + 1
                before = start > 0 and within(view[start - 1], view[start])
                after = end < len(view) and within(view[last], view[end])
                for term, skeleton, sides in meant:
                    open_before, open_after = bool(sides & 4), bool(sides & 8)
                    fits = (open_before or not before) and (open_after or not after)
                    if fits and skeleton == (number == 2):
                        found.add(term)
        return found

    return find


def within(left: str, right: str) -> bool:
    """Whether no word ends between two neighbours: letters, digits, underscores and marks go on,
    but in scripts that write words without spaces any letter may begin one.
    """
    if _mark(right):
        return True
    if not (_letter(left) or _mark(left)) or not _letter(right):
        return False
    return not (_unspaced(left) and _unspaced(right))


def _letter(sign: str) -> bool:
    return sign == "_" or sign.isalnum()


def _mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Mc", "Me")


def _unspaced(sign: str) -> bool:
    return any(low <= ord(sign) <= high for low, high in _UNSPACED)


def terms(count: int, seed: int = 5) -> list[str]:
    """That many different terms: words, pairs of words, Vietnamese phrases, some with a star."""
    random, toned, made = Random(seed), _TONED.split(), dict[str, None]()
    while len(made) < count:
        draw = random.random()
        term = _word(random)
        if draw > 0.8:
            term = " ".join([*random.choices(toned, k=random.randint(1, 3)), term])
        elif draw > 0.6:
            term += " " + _word(random)
        elif draw < 0.02:
            term += "*"
        made[term] = None
    return list(made)


def messages(made: Sequence[str], count: int, language: str, seed: int = 6) -> list[Message]:
    """Messages of about 200 characters as people write them, half of them with a term inside."""
    random = Random(seed)
    speaker = Speaker(random, workload.LANGUAGES[language])
    patterns = tuple(each for topic in speaker.language.talk.values() for each in topic)
    found = []
    for number in range(count):
        said = ""
        while len(said) < 170:
            said += speaker.say(patterns) + " "
        if number % 2:
            term = random.choice(made).rstrip("*")
            said += random.choice((term, term.upper(), term.replace("o", "0")))
        normal = views.normalise(said)
        found.append(Message(normal, views.fold(normal), views.skeleton(said, normal)))
    return found


def _word(random: Random) -> str:
    return "".join(random.choices(_SYLLABLES, k=random.randint(3, 5)))


def _looking(count: int, rounds: int) -> Row:
    random = Random(7)
    names = [f"{_word(random)}{number}.example" for number in range(count)]
    hosts = TermList("some", tuple(names)).whole
    known = frozenset(names)
    asked = [f"www.{random.choice(names)}" for _ in range(5000)]
    asked += [f"a.b.{_word(random)}.example" for _ in range(5000)]

    def theirs(host: str) -> bool:
        while host:
            if host in known:
                return True
            host = host.partition(".")[2]
        return False

    if list(map(hosts.has_host, asked)) != list(map(theirs, asked)):
        raise Different("a set says otherwise of a host than the list does")
    return rates(
        LOOK.format(count=count),
        lambda: len(asked) / cpu(lambda: list(map(hosts.has_host, asked))),
        lambda: len(asked) / cpu(lambda: list(map(theirs, asked))),
        rounds=rounds,
        unit="hosts per CPU second",
        peer_is="a Python set of the names",
    )
