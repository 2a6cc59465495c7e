"""The figures of one rule, and the floor under them: no figure is told of fewer than five people.

A figure about fewer than PEOPLE_MIN different people is withheld, and so is every other from which
it could be had by subtraction. That nothing was hit may be said, but of a rule that names people
(`naming`) "none" and "fewer than five" look the same: of one person either would be an answer. This
is the one place where figures become text or JSON; it must never let a token out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from fractions import Fraction
from typing import Any

from ombud.replay.expect import Within
from ombud.replay.interval import ONE, wilson
from ombud.replay.labels import Labels
from ombud.replay.naming import names_people
from ombud.replay.sample import PEOPLE_MIN
from ombud.rules.checked import CheckedRule

NO_LABELS = "no reviewed labels"
FEW_LABELS = f"fewer than {PEOPLE_MIN} labelled hits, or of fewer than {PEOPLE_MIN} people"
ONLY_UNDONE = "only decisions that were undone are labelled: the share can only be too low"

Told = dict[str, int | None]
Would = tuple[str, str, bool]  # action, target, whether by itself


@dataclass(slots=True)
class Figures:
    """What a rule came to. `who` holds, by figure, the people it is about."""

    rule: CheckedRule
    _: KW_ONLY
    hits: int = 0
    unknown: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    people: set[int] = field(default_factory=set)
    by_kind: Counter[str] = field(default_factory=Counter)
    would: Counter[Would] = field(default_factory=Counter)
    who: defaultdict[Hashable, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: bool = field(init=False)

    def __post_init__(self) -> None:
        self.names = names_people(self.rule)

    def note(self, person: int | None, *figures: Hashable) -> None:
        """Some figures are about a person, if it is known which."""
        if person is not None:
            for each in figures:
                self.who[each].add(person)

    def label(self, person: int | None, *, breaks: bool) -> None:
        """A hit that a person looked at."""
        self.right += breaks
        self.wrong += not breaks
        self.note(person, "labelled", *(("right",) if breaks else ()))

    @property
    def few(self) -> bool:
        """Whether its hits concern too few people for any figure."""
        return self._low(self.hits, self.who["hits"])

    def _low(self, count: int, people: Iterable[int]) -> bool:
        return len(set(people)) < PEOPLE_MIN and (count > 0 or self.names)

    def parts(self, counts: Mapping[str, int], who: Mapping[str, Iterable[int]]) -> Told:
        """Figures that add up to others. Where one of them is about too few people all are
        withheld but for zeros.
        """
        if not any(self._low(count, who[name]) for name, count in counts.items()):
            return dict(counts)
        return {name: None if count or self.names else 0 for name, count in counts.items()}

    def part(self, name: str, count: int) -> int | None:
        """A part of the hits; the rest of them is not told."""
        counts = {"part": count, "rest": self.hits - count}
        who = {"part": self.who[name], "rest": self.who["not", name]}
        return self.parts(counts, who)["part"]

    def kinds(self) -> Told:
        """Hits by kind of event; none where the hits are withheld."""
        if self.few:
            return {}
        who = {kind: self.who["kind", kind] for kind in self.by_kind}
        return self.parts(dict(sorted(self.by_kind.items())), who)

    def would_as_json(self) -> list[dict[str, Any]]:
        """What it would do: action, target, how often by itself, how often a person is asked."""
        found = []
        for action, target in sorted({(each[0], each[1]) for each in self.would}):
            sides = {"does": (action, target, True), "asks": (action, target, False)}
            counts = {name: self.would[each] for name, each in sides.items() if self.would[each]}
            who = {name: self.who[sides[name]] for name in counts}
            told = {"does": 0, "asks": 0, **self.parts(counts, who)}
            found.append({"action": action, "target": target, **told})
        return [] if self.few else found

    # --- labels -----------------------------------------------------------------------------------

    @property
    def labelled(self) -> bool:
        """Whether enough hits of enough people were looked at."""
        looked_at = self.right + self.wrong
        return looked_at >= PEOPLE_MIN and len(self.who["labelled"]) >= PEOPLE_MIN

    def shares(self, labels: Labels) -> dict[str, tuple[int, int] | str]:
        """Precision and recall as right ones of all, or in words why there is none."""
        if not labels.by_record:
            return {"precision": NO_LABELS, "recall": NO_LABELS}
        caught = self.right >= PEOPLE_MIN and len(self.who["right"]) >= PEOPLE_MIN
        return {
            "precision": (self.right, self.right + self.wrong) if self.labelled else FEW_LABELS,
            "recall": (self.right, self.right + self.missed) if caught else FEW_LABELS,
        }

    def share_as_json(self, name: str, labels: Labels) -> dict[str, Any]:
        """A share as it is told."""
        share = self.shares(labels)[name]
        if isinstance(share, str):
            return share_as_json(0, 0, share)
        known = labels.reviewed > 0 or name == "recall"
        return share_as_json(*share, "" if known else ONLY_UNDONE)


@dataclass(slots=True)
class OfRule(Figures):
    """What a rule that is tried came to, beside the rule of its name then."""

    _: KW_ONLY
    recorded: int = 0
    overlap: int = 0
    gone: int = 0
    not_comparable: int = 0
    alone: int = 0
    members: int = 0  # earlier posts of campaigns that it would act on
    established: set[int] = field(default_factory=set)

    @property
    def new(self) -> int:
        """Hits that the rule of the same name did not have then."""
        return self.hits - self.overlap

    def told(self) -> Told:
        """Every count, or None where it is withheld."""
        counts = {
            name: getattr(self, name)
            for name in ("recorded", "overlap", "new", "gone", "not_comparable")
        }
        compared = self.parts(counts, {name: self.who[name] for name in counts})
        established = self.parts(
            {"established": len(self.established), "rest": len(self.people - self.established)},
            {"established": self.established, "rest": self.people - self.established},
        )["established"]
        return {
            "hits": None if self.few else self.hits,
            **compared,
            "alone": None if self.few else self.part("alone", self.alone),
            "members": self.parts({"": self.members}, {"": self.who["members"]})[""],
            "people": None if self.few else len(self.people),
            "people_established": None if self.few else established,
            "unknown": self.parts({"": self.unknown}, {"": self.who["unknown"]})[""],
        }

    def measures(self, labels: Labels) -> dict[str, Fraction | Within | str]:
        """Every measure an expectation can name."""
        told = self.told()
        some = 0 if self.names else 1
        few = PEOPLE_MIN - 1 if len(self.people) < PEOPLE_MIN else None
        bound = few if told["people"] is None else told["people"]
        found: dict[str, Fraction | Within | str] = {
            "hits": known(told["hits"], some),
            "new hits": known(told["new"], most=told["hits"]),
            "gone hits": known(told["gone"]),
            "unknown": known(told["unknown"]),
            "people": known(told["people"], some, few),
            "established people": known(told["people_established"], most=bound),
        }
        for name, share in self.shares(labels).items():
            if isinstance(share, str):
                found[name] = found[f"lower {name}"] = share
            else:
                found[name] = Fraction(*share)
                found[f"lower {name}"] = Fraction(wilson(*share)[0], ONE)
        return found

    def as_json(self, labels: Labels) -> dict[str, Any]:
        """The rule's part of the report."""
        return {
            "name": self.rule.name,
            "clause": self.rule.clause.id,
            "mode": self.rule.mode,
            "version": self.rule.version,
            "few": self.few,
            **self.told(),
            "by_kind": self.kinds(),
            "would": self.would_as_json(),
            "precision": self.share_as_json("precision", labels),
            "recall": self.share_as_json("recall", labels),
        }


def known(count: int | None, least: int = 0, most: int | None = None) -> Fraction | Within:
    """A count, or between what ends one lies that is withheld."""
    return Within(least, most) if count is None else Fraction(count)


def summed(counts: Iterable[int | None]) -> int | None:
    """The sum, where no part of it is withheld."""
    found = list(counts)
    return None if None in found else sum(each or 0 for each in found)


def share_as_json(right: int, of: int, words: str = "") -> dict[str, Any]:
    """A share of labelled cases with its 95 % interval; null, and in words why, of none."""
    if not of:
        return {"value": None, "lower": None, "upper": None, "of": None, "words": words}
    low, high = wilson(right, of)
    ends = {"value": right * ONE // of, "lower": low, "upper": high}
    told = {name: each / ONE for name, each in ends.items()}
    return {**told, "of": of, "words": words or f"{right} of {of} labelled"}
