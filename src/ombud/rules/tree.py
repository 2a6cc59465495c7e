"""The syntax tree of a rule: what was written, with the place of each part, before any meaning.

Places never count in comparisons: two rules are equal when they say the same. This module must
never know which facts, lists or clauses exist.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ombud.signals.declare import Type


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file: line and column from 1, length in characters."""

    line: int
    column: int
    length: int = 1


NOWHERE = Place(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment without its `#`; `own` where it has a line of its own."""

    line: int
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class FactName:
    """The words that name a fact: `author.posts to target with links in last 1 hour`.

    `in_last` is in microseconds. `share` stands for the words "share of" before the name.
    """

    name: str
    to: str | None = None
    word: str | None = None
    in_last: int | None = None
    share: bool = False
    place: Place = field(default=NOWHERE, compare=False)
    to_place: Place = field(default=NOWHERE, compare=False)
    word_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as written. Inside, lengths of time are microseconds and percents are permille."""

    type: Type  # COUNT, PERCENT, DURATION, TEXT or YESNO
    value: int | str | bool
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`links.count >= 2`"""

    fact: FactName
    operator: str
    constant: Constant
    place: Place = field(default=NOWHERE, compare=False)
    operator_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes-no fact alone: `links.misleading`"""

    fact: FactName
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class InList:
    """`author in list "trusted helpers"`, `links all in list "our own sites"`"""

    fact: FactName
    every: Literal["any", "all"] | None
    list: str
    place: Place = field(default=NOWHERE, compare=False)
    list_place: Place = field(default=NOWHERE, compare=False)


class Remembered(enum.Enum):
    """What the community remembers of names, by the words of its phrase."""

    RECENT = "recent names"
    ESTABLISHED = "established members"


@dataclass(frozen=True, slots=True)
class Likeness:
    """`author.name resembles list "staff names"`: a percentage, once it is compared.

    `other` is a fact, the name of a list, or what is remembered of names. `several` where it is
    written `resemble`, of several: the likest of them counts.
    """

    fact: FactName
    other: FactName | str | Remembered
    place: Place = field(default=NOWHERE, compare=False)
    other_place: Place = field(default=NOWHERE, compare=False)
    several: bool = False


@dataclass(frozen=True, slots=True)
class Resembles:
    """A likeness compared with a percentage."""

    likeness: Likeness
    operator: str
    constant: Constant
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TextTest:
    """`text contains "..."`, `text matches "..."`, `text quotes target` and the like."""

    fact: FactName
    how: Literal["contains", "starts with", "matches", "quotes"]
    operand: str
    place: Place = field(default=NOWHERE, compare=False)
    operand_place: Place = field(default=NOWHERE, compare=False)


Condition = Compare | Holds | InList | Resembles | TextTest


@dataclass(frozen=True, slots=True)
class Line:
    """One condition on a line of its own, `not` before it or not."""

    negated: bool
    condition: Condition
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`any of` or (`every`) `all of`, with the lines below it."""

    every: bool
    lines: tuple[Line, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Action:
    """One line of `then`; `duration` in microseconds."""

    type: str
    target: str | None = None
    queue: str | None = None
    urgent: bool = False
    duration: int | None = None
    text: str | None = None
    place: Place = field(default=NOWHERE, compare=False)
    queue_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of `tell author`."""

    lang: str
    text: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """One line of an example: a fact, or a phrase without its comparison, and its value."""

    what: FactName | InList | Likeness | TextTest
    constant: Constant
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Example:
    """What the rule should catch, or (`catch` false) should pass."""

    catch: bool
    title: str
    stated: tuple[Stated, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written. Parts that are missing or broken are empty; the parser has said so.

    `places` gives the place of each part by its first word ("rule", "clause", "when", ...).
    """

    name: str
    description: str
    kinds: tuple[str, ...]
    clause: str
    mode: str
    when: tuple[Line | Group, ...]
    unless: tuple[Line | Group, ...]
    then: tuple[Action, ...]
    tell: tuple[Told, ...]
    examples: tuple[Example, ...]
    file: str = field(default="", compare=False)
    comments: tuple[Comment, ...] = field(default=(), compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
