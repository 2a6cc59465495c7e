"""Trust policies (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them.

A file of lines: `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME all|any|K NAME...`,
`quorum NAME` or `quorum none`. This module must never take a file that it does not understand as a
whole, and never find a quorum where none is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ombud.errors import BadLedger, catalogue
from ombud.ledger import cosignature, note
from ombud.ledger.cosignature import Cosignature, WitnessKey

FILE = "witnesses.policy"  # in the data folder, and among the public files
MAX_BYTES = 1 << 16
MAX_LINES = 500
NONE = "none"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPACE = re.compile(r"[ \t]+")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")

catalogue(
    L024=(
        "This is not a policy of witnesses: {detail}.",
        "See c2sp.org/tlog-policy for the lines a policy has.",
    ),
    L068=(
        "The log is none of those that the policy names.",
        "Somebody shows another log under this address, or the policy is of another community.",
    ),
    L069=(
        "Too few witnesses confirmed this head: {names}.",
        "A new head is confirmed within minutes; else ask the operator what the witnesses say.",
    ),
)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness as a policy names it. `url` is where checkpoints are sent to; may be empty."""

    name: str
    key: WitnessKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of the members, which are witnesses or groups named before."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says. No quorum: `quorum none`."""

    logs: tuple[note.VerifierKey, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @property
    def keys(self) -> tuple[WitnessKey, ...]:
        """The keys of all witnesses."""
        return tuple(each.key for each in self.witnesses.values())

    def log(self, origin: str) -> note.VerifierKey | None:
        """The key of the log of this name, or of the only one there is; None where none is named:
        then any log will do.
        """
        named = [each for each in self.logs if each.name == origin]
        return next(iter(named or (self.logs if len(self.logs) == 1 else ())), None)

    def unmet(self, attested: Attested) -> BadLedger | None:
        """What is wrong where fewer witnesses confirmed a head than this policy asks for."""
        if self.quorum == NONE or attested.quorum:
            return None
        return BadLedger("L069", names=", ".join(attested.names) or "none")

    def reached(self, cosigned: Collection[str]) -> bool:
        """Whether these witnesses, by the policy's names, are the quorum. Never without one:
        whoever asks nobody has nobody's word.
        """
        return self.quorum != NONE and self._holds(self.quorum, cosigned)

    def _holds(self, name: str, cosigned: Collection[str]) -> bool:
        if name in self.witnesses:
            return name in cosigned
        group = self.groups[name]
        return sum(self._holds(each, cosigned) for each in group.members) >= group.least

    def names(self, cosigned: Collection[Cosignature]) -> tuple[str, ...]:
        """Who of the witnesses cosigned, by the policy's names and in its order."""
        keys = {each.key for each in cosigned}
        return tuple(each.name for each in self.witnesses.values() if each.key in keys)

    def attested(self, signed: bytes) -> Attested:
        """Who cosigned a checkpoint. A line that does not hold raises `BadLedger` as
        `cosignature.found`: whoever shows a forged name is not believed the others.
        """
        names = self.names(cosignature.of_checkpoint(signed, self.keys))
        return Attested(names, self.reached(names))


@dataclass(frozen=True, slots=True)
class Attested:
    """Who outside has confirmed a checkpoint, and whether they are as many as the policy asks."""

    names: tuple[str, ...] = ()
    quorum: bool = False

    def __str__(self) -> str:
        if self.quorum:
            return ", ".join(self.names)
        if not self.names:
            return SELF_ATTESTED
        return f"{SELF_ATTESTED}; too few witnesses: {', '.join(self.names)}"


SELF_ATTESTED = "none: self-attested"  # what is said wherever there is no quorum


def parse(content: bytes) -> Policy:
    """Read a policy. Raises `BadLedger` L024, L010 for a key that is none."""
    if len(content) > MAX_BYTES:
        raise _wrong(f"it is longer than {MAX_BYTES} bytes")
    try:
        text = content.decode()  # the format would take any bytes; names are shown to people here
    except UnicodeDecodeError:
        raise _wrong("it is not UTF-8") from None
    if _CONTROL.search(text):
        raise _wrong("it holds a control character")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise _wrong(f"it has more than {MAX_LINES} lines")
    reading = _Reading()
    for number, line in enumerate(lines, 1):
        words = [each for each in _SPACE.split(line) if each]
        if words and not words[0].startswith("#"):
            reading.take(words, number)
    return reading.done()


def _wrong(detail: str) -> BadLedger:
    return BadLedger("L024", detail=detail)


@dataclass(slots=True)
class _Reading:
    """A policy so far. A line may name only what stands before it."""

    logs: list[note.VerifierKey] = field(default_factory=list)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)  # of any group: each name once
    quorum: str | None = None

    def take(self, words: list[str], number: int) -> None:
        """One line that says something."""
        takers: Mapping[str, Callable[[list[str], str], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if words[0] not in takers:
            raise _wrong(f"line {number} begins with no word of a policy")
        takers[words[0]](words[1:], f"line {number}")

    def done(self) -> Policy:
        """The whole of it."""
        if self.quorum is None:
            raise _wrong("it has no quorum line")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _log(self, words: list[str], where: str) -> None:
        if not 1 <= len(words) <= 2:
            raise _wrong(f"{where} is not `log KEY [URL]`")
        key = note.parse_vkey(words[0])
        if any(each.public == key.public for each in self.logs):
            raise _wrong(f"{where} names a log's key again")
        self.logs.append(key)

    def _witness(self, words: list[str], where: str) -> None:
        if not 2 <= len(words) <= 3:
            raise _wrong(f"{where} is not `witness NAME KEY [URL]`")
        name, key = self._new(words[0], where), cosignature.parse_key(words[1])
        if any(each.key.public == key.public for each in self.witnesses.values()):
            raise _wrong(f"{where} names a witness's key again")
        self.witnesses[name] = Witness(name, key, words[2] if len(words) == 3 else "")

    def _group(self, words: list[str], where: str) -> None:
        if len(words) < 3:
            raise _wrong(f"{where} is not `group NAME all|any|NUMBER NAME...`")
        name, count, members = self._new(words[0], where), words[1], tuple(words[2:])
        least = {"all": len(members), "any": 1}.get(count, 0)
        if _COUNT.fullmatch(count):
            least = int(count)
        if not 1 <= least <= len(members):
            raise _wrong(f"{where} does not say how many of its members it takes")
        for each in members:
            self._known(each, where)
            if each in self.members:
                raise _wrong(f"{where} names a member that a group has already")
            self.members.add(each)
        self.groups[name] = Group(least, members)

    def _quorum(self, words: list[str], where: str) -> None:
        if len(words) != 1 or self.quorum is not None:
            raise _wrong(f"{where} is not the one line `quorum NAME`")
        if words[0] != NONE:
            self._known(words[0], where)
        self.quorum = words[0]

    def _new(self, name: str, where: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise _wrong(f"{where} gives a name that is taken")
        return name

    def _known(self, name: str, where: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise _wrong(f"{where} names what no line before it does")
