"""A first text of a rule from posts that somebody has chosen: they become what it should catch.

The lines it proposes hold for all of the posts: words that stand in each of them side by side, and
whether each has a link. Each is tried by the compiler on the posts before it is proposed, so that
none is proposed that misses one. The same posts give the same text. This module must never put a
rule in force, and never look at who wrote the posts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from ombud.rules import format as layout
from ombud.rules.diagnostic import ERROR, Diagnostic
from ombud.rules.parse import NAME, parse

POSTS_MAX = 20
TEXT_MAX = 600  # characters of a post that become an example
LINE_MAX = 900  # of its line, with what cannot be seen written out
WORDS_MAX = 6  # of one phrase
PHRASES_MAX = 5
SHORTEST = 4  # characters; a phrase of one shorter word says little
USED = 2  # lines that the text begins with; the others are offered beside it
SLUG_MAX = 40

_WORD = re.compile(r"\S+")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_EDGES = ".,;:!?()[]{}<>\"'“”‘’«»…*_~`|"

Wrong = Callable[[str], Sequence[Diagnostic]]


class Post(NamedTuple):
    """One chosen post: its text and its kind."""

    text: str
    kind: str


class Sketch(NamedTuple):
    """A rule's text to go on with, and all lines that hold for every one of its posts."""

    name: str
    text: str
    lines: tuple[str, ...]


def phrases(texts: Sequence[str]) -> list[str]:
    """Words that stand side by side in every text, as the first one writes them; the longest first,
    none inside another, those of one length in the order of the first text.
    """
    if not texts:
        return []
    spoken = [_words(each) for each in texts]
    shared = [_runs(each) for each in spoken[1:]]
    first, found, at = spoken[0], [], 0
    while at < len(first):
        length = next(
            (
                long
                for long in range(min(WORDS_MAX, len(first) - at), 0, -1)
                if all(_key(first[at : at + long]) in runs for runs in shared)
            ),
            0,
        )
        said = " ".join(first[at : at + length])
        if len(said) >= SHORTEST and said not in found:
            found.append(said)
        at += max(length, 1)
    return sorted(found, key=lambda each: -len(each))[:PHRASES_MAX]


def _words(text: str) -> list[str]:
    return [word for each in _WORD.findall(text) if (word := each.strip(_EDGES))]


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", each).casefold() for each in words)


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {
        _key(words[at : at + long])
        for long in range(1, WORDS_MAX + 1)
        for at in range(len(words) - long + 1)
    }


def lines(texts: Sequence[str]) -> list[str]:
    """The conditions to propose, the narrowest first."""
    found = [f"text contains {layout.quoted(each)}" for each in phrases(texts)]
    if texts and all(_LINK.search(each) for each in texts):
        found.append("links.any")
    return found


def shortened(text: str) -> str:
    """The part of a text that its example states: its line is no longer than a rule's may be."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()[:TEXT_MAX]
    while len(layout.quoted(kept)) > LINE_MAX:
        kept = kept[: len(kept) * 3 // 4]
    return kept


def sketch(
    posts: Sequence[Post], clause: str, taken: Collection[str], wrong: Wrong
) -> Sketch | None:
    """A text whose examples are these posts, and the lines that hold for all of them; None where no
    line does. `taken`: names of rules that there are; `wrong`: what a check finds in a text.
    """
    told = [
        Post(shortened(each.text), each.kind) for each in posts[:POSTS_MAX] if each.text.strip()
    ]
    kinds = list(dict.fromkeys(each.kind for each in told))
    texts = [each.text for each in told]
    name = _name(next(iter(phrases(texts)), ""), taken)
    good = [
        each
        for each in lines(texts)
        if not _errors(wrong(_written(name, kinds, clause, [each], texts)))
    ]
    if not good:
        return None
    text = _written(name, kinds, clause, good[:USED], texts)
    if _errors(wrong(text)):
        text = _written(name, kinds, clause, good[:1], texts)
    return Sketch(name, text, tuple(good))


def alone(text: str, lines: Sequence[str]) -> dict[str, str]:
    """For each line a rule that asks for nothing else, for what a text is for, by its name: so that
    each can be tried on the past by itself.
    """
    rule = parse("", text.encode())[0]
    return {
        name: _HEAD.format(name=name, kinds=", ".join(rule.kinds), clause=rule.clause, when=each)
        + '\nthen\n  alert "tried"\n'
        for number, each in enumerate(lines, 1)
        for name in (f"{rule.name[:SLUG_MAX]}-line-{number}",)
    }


def _errors(found: Sequence[Diagnostic]) -> bool:
    return any(each.severity == ERROR for each in found)


def _name(phrase: str, taken: Collection[str]) -> str:
    """A name that no rule has, after a phrase."""
    plain = unicodedata.normalize("NFD", phrase.replace("đ", "d").replace("Đ", "d")).lower()
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:SLUG_MAX].strip("-")
    base = slug if NAME.fullmatch(slug) else f"posts-{slug}".strip("-")
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(each for each in names if each not in taken)


def _written(
    name: str, kinds: Sequence[str], clause: str, when: Sequence[str], texts: Sequence[str]
) -> str:
    head = _HEAD.format(name=name, kinds=", ".join(kinds), clause=clause, when="\n  ".join(when))
    return head + _TAIL + "".join(_examples(texts))


def _examples(texts: Sequence[str]) -> Iterator[str]:
    """One for each text that differs, and one to go on from for what must pass."""
    for number, text in enumerate(dict.fromkeys(texts), 1):
        yield f'\nshould catch "chosen post {number}"\n  text  {layout.quoted(text)}\n'
    yield '\nshould pass "something else"\n  text  "Thank you all"\n'


_HEAD = """rule {name}
  "What the chosen posts have in common. Say here what it is there for."

for     {kinds}
clause  {clause}
mode    watch

when
  {when}
"""
_TAIL = """
then
  hold this

tell author
  en  "Your post resembles others that were held, so a person will look at it."
  vi  "Bài của bạn giống những bài đã bị giữ lại, nên một người sẽ xem."
"""
