"""One language of the simulated community: its patterns, its words, how a sentence is made of them.

Patterns are drawn like cards from a shuffled pack, so that none comes twice before all came once.
This module must never draw from anything but the generator it is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

TAIL_SHARE = 0.45  # of what is said has a second sentence


@dataclass(frozen=True, slots=True)
class Language:
    """Sentence patterns by purpose, the words for their slots, and what people are called."""

    code: str
    talk: Mapping[str, tuple[str, ...]]
    replies: tuple[str, ...]
    introductions: tuple[str, ...]
    with_link: tuple[str, ...]
    with_mention: tuple[str, ...]
    tails: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    given_names: tuple[str, ...]
    by_names: tuple[str, ...]

    def patterns(self) -> tuple[str, ...]:
        """All patterns of whole posts, the second sentences left out."""
        talk = tuple(pattern for topic in self.talk.values() for pattern in topic)
        return talk + self.replies + self.introductions + self.with_link + self.with_mention


class _Words(dict[str, str]):
    """The given words, and for every other slot one drawn anew."""

    def __init__(self, rng: Random, slots: Mapping[str, tuple[str, ...]], given: Mapping[str, str]):
        super().__init__(given)
        self._rng = rng
        self._slots = slots

    def __missing__(self, slot: str) -> str:
        return self._rng.choice(self._slots[slot])


@dataclass(slots=True)
class Speaker:
    """Makes sentences of one language, with the packs they are drawn from."""

    rng: Random
    language: Language
    _packs: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def say(self, patterns: tuple[str, ...], **given: str) -> str:
        """A sentence of one of the patterns, sometimes with a second one."""
        text = self._fill(patterns, given)
        if self.rng.random() < TAIL_SHARE:
            text = f"{text} {self._fill(self.language.tails, {})}"
        return text

    def _fill(self, patterns: tuple[str, ...], given: Mapping[str, str]) -> str:
        pack = self._packs.setdefault(patterns, [])
        if not pack:
            pack.extend(patterns)
            self.rng.shuffle(pack)
        text = pack.pop().format_map(_Words(self.rng, self.language.slots, given))
        return text[:1].upper() + text[1:]
