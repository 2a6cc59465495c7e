"""Text in the order in which a reader sees it, where direction overrides turn it round.

U+202E makes a display draw what follows from right to left: "\\u202enimda" is seen as "admin".
Overrides are carried out as the Unicode Bidirectional Algorithm has it (UAX 9: X1-X8 for levels,
L2 for the order, L3 for marks), for overridden text only: letters that nothing overrides keep their
logical order, in which every script is compared. This module must never change what is kept or
shown: the order is for comparing.
"""

from __future__ import annotations

import re

from ombud.signals import views

DEPTH_MAX = 31  # no deeper nesting is carried out; UAX 9, BD2 has 125, and no name needs two

OVERRIDE = re.compile("[\u202d\u202e]")
_RLO, _LRO, _PDF, _PDI = "\u202e", "\u202d", "\u202c", "\u2069"
_EMBEDS = "\u202a\u202b"
_ISOLATES = "\u2066\u2067\u2068"
_CONTROLS = frozenset(f"{_RLO}{_LRO}{_PDF}{_PDI}{_EMBEDS}{_ISOLATES}\u200e\u200f\u061c")


def shown(text: str) -> str:
    """The text as it is drawn, without the signs that say in which direction; as it is where none
    overrides. Takes time in the length times the nesting, at most DEPTH_MAX.
    """
    if text.isascii() or OVERRIDE.search(text) is None:
        return text
    return "\n".join(map(_line, re.split("[\n\r\u2029]", text)))


def _line(text: str) -> str:
    pieces, levels = _levels(text)
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(pieces):
            end = at
            while end < len(pieces) and levels[end] >= level:
                end += 1
            pieces[at:end] = pieces[at:end][::-1]
            levels[at:end] = levels[at:end][::-1]
            at = end + 1
    return "".join(pieces)


def _levels(text: str) -> tuple[list[str], list[int]]:
    """The characters, each with its marks, and the level of each."""
    stack: list[tuple[int, bool]] = [(0, False)]  # level, whether it is an isolate's
    lost = 0  # openings beyond DEPTH_MAX, whose ends are theirs
    pieces: list[str] = []
    levels: list[int] = []
    for character in text:
        level = stack[-1][0]
        if character in (_RLO, _LRO):
            deeper = level + 1 + (level % 2 == (character == _RLO))
            lost += deeper > DEPTH_MAX
            stack += [(deeper, False)] if deeper <= DEPTH_MAX else []
        elif character in _EMBEDS or character in _ISOLATES:
            # Nothing is overridden inside: letters stand in their own order, from left to right.
            deeper = level + 2 - level % 2
            lost += deeper > DEPTH_MAX
            stack += [(deeper, character in _ISOLATES)] if deeper <= DEPTH_MAX else []
        elif character in (_PDF, _PDI):
            if lost:
                lost -= 1
            else:
                _close(stack, character == _PDI)
        elif character not in _CONTROLS:
            if pieces and views.is_mark(character):
                pieces[-1] += character
            else:
                pieces.append(character)
                levels.append(level)
    return pieces, levels


def _close(stack: list[tuple[int, bool]], isolate: bool) -> None:
    """End the last embedding, or the last isolate with all embeddings in it."""
    if isolate:
        if any(inside for _, inside in stack):
            while not stack.pop()[1]:
                pass
    elif len(stack) > 1 and not stack[-1][1]:
        stack.pop()
