"""How a name is built: the same for names that one program made, seldom for those of people.

A name has at most two patterns:

- its *stem*: the letters without the digits, `partyfox` of `partyfox_381` and `Party-Fox 77`. Only
  of names with a digit and at least STEM_MIN letters: `minh99` and `an1` have none, because a
  short stem is somebody's given name;
- its *shape*: letters become `a`, digits `0`, runs of either one sign (`xk7-22q` is `a0-0a`). Only
  where the shape says something: at least RUNS_MIN runs of letters and digits, or a number of at
  least NUMBER_MIN digits, whose length then counts. What ordinary names look like (`a`, `a a`,
  `a0`, `a_0`) is nobody's pattern.

Letters are those of the skeleton, so that look-alikes, case and diacritics change nothing. Names
without digits have no pattern here: equal ones are what `resembles recent names` is for. Students,
staff or players whose institution numbers them share a pattern too, so that a pattern alone proves
nothing. This module must never keep a name.
"""

from __future__ import annotations

import functools
import re

from ombud.signals import views

STEM_MIN = 5
RUNS_MIN = 4
NUMBER_MIN = 5
LENGTH_MAX = 64  # letters of a name that are read
_NAME_MAX = 500
_RUN = re.compile(r"(\d+)|([^\W\d_]+)|(\s+)|((.)\5*)", re.DOTALL)
_KEPT = 32_768  # names that are not read again


def patterns(name: str) -> tuple[str, ...]:
    """The patterns of a name, its stem first; () where it has none."""
    return _patterns(name[:_NAME_MAX])


@functools.lru_cache(maxsize=_KEPT)
def _patterns(name: str) -> tuple[str, ...]:
    plain = views.fold(views.normalise(name))[:LENGTH_MAX]
    letters = "".join(filter(str.isalpha, plain))
    shape, runs, longest = _shape(plain)
    found = []
    if longest and len(letters) >= STEM_MIN:
        found.append(f"stem {views.skeleton(letters)}")
    if longest >= NUMBER_MIN or (longest and runs >= RUNS_MIN):
        found.append(f"shape {shape}")
    return tuple(found)


def _shape(plain: str) -> tuple[str, int, int]:
    """The shape, how many runs of letters and digits it has, and the length of the longest number.

    A long number is told with its length: programs number in a fixed width, people do not.
    """
    signs: list[str] = []
    runs = longest = 0
    for digits, letters, spaces, _, other in _RUN.findall(plain):
        runs += bool(digits or letters)
        longest = max(longest, len(digits))
        if digits:
            signs.append(f"0({len(digits)})" if len(digits) >= NUMBER_MIN else "0")
        else:
            signs.append("a" if letters else " " if spaces else other)
    return "".join(signs), runs, longest
