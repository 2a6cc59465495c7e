"""The tally: every figure from a handful of cases, and what is said where there are no labels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from flow.small_community import RULES, rule
from ombud.activation import compiling
from ombud.replay.labels import Label, Labels
from ombud.replay.sample import PEOPLE_MIN, Sample
from ombud.replay.tally import NO_LABELS, ONLY_UNDONE, Case, Tally, share_as_json
from ombud.verdicts.choices import Asked, Chosen
from ombud.verdicts.community import Verdict
from replay.trying import sources

BOOK = {
    **{name: RULES[name] for name in ("bags.rule", "same-text.rule")},
    **dict(
        [
            rule(
                "warned",
                "links.any",
                'text "http://a.example"',
                'text "thanks"',
                then='warn this "Mind the links."\n  suspend author',
            )
        ]
    ),
}
ACTIVE = compiling.from_sources(sources(BOOK))
BAGS, SAME, WARNED = (ACTIVE.names.index(name) for name in ("bags", "same-text", "warned"))


def case(
    seq: int,
    fired: tuple[int, ...] = (),
    unknown: tuple[int, ...] = (),
    *,
    person: int | None = 7,
    recorded: tuple[str, ...] = (),
    undecided: tuple[int, ...] = (),
    established: bool = False,
) -> Case:
    """One judged event."""
    chosen = tuple(
        Chosen("hold", "this", ACTIVE.rules[each].clause.id, (each,), "procedural", 1)
        for each in fired[:1]
    )
    asked = tuple(
        Asked(each, ACTIVE.rules[each].clause.id, "review", False, "hold") for each in fired[:1]
    )
    verdict = Verdict(1, fired, unknown, (), {}, [], chosen, asked, b"")
    return Case(
        seq, "post", "chat", verdict, person, established, frozenset(recorded), frozenset(undecided)
    )


def tally(*cases: Case, labels: Labels | None = None, named: tuple[str, ...] = ()) -> Tally:
    """What some cases come to."""
    made = Tally(ACTIVE, labels or Labels(), Sample(1), frozenset(named or ACTIVE.names))
    for each in cases:
        made.count(each)
    return made


def of(found: Tally, name: str) -> dict[str, Any]:
    """The part of one rule."""
    items: list[dict[str, Any]] = found.as_json()["items"]
    return next(each for each in items if each["name"] == name)


def test_hits_are_compared_with_the_rule_of_the_same_name() -> None:
    """As then, new, gone, and not to be compared: each hit is one of them."""
    found = tally(
        case(1, (BAGS,), recorded=("bags",)),
        case(2, (BAGS,)),
        case(3, (BAGS,), recorded=("same-text",)),
        case(4, recorded=("bags",)),
        case(5, unknown=(BAGS,), recorded=("bags",)),
        case(6, unknown=(BAGS,), recorded=("bags",), undecided=(BAGS,)),
        case(7, unknown=(BAGS,), undecided=(BAGS,)),
        case(8),
    )
    bags = of(found, "bags")
    assert (bags["hits"], bags["recorded"], bags["overlap"]) == (3, 4, 1)
    assert (bags["new"], bags["gone"], bags["not_comparable"], bags["unknown"]) == (2, 2, 1, 3)
    assert (of(found, "same-text")["gone"], of(found, "same-text")["hits"]) == (1, 0)
    totals = found.as_json()["totals"]
    assert (totals["events"], totals["hits"], totals["new"], totals["gone"]) == (3, 3, 2, 3)
    assert found.judged == 8


def test_people_are_counted_once_and_nobody_is_nobody() -> None:
    """Per rule and over all; an event without a person touches none."""
    found = tally(
        case(1, (BAGS,), person=1, established=True),
        case(2, (BAGS, SAME), person=1),
        case(3, (SAME,), person=2),
        case(4, (SAME,), person=None, established=True),
        case(5, recorded=("bags",), person=3),
    )
    assert (of(found, "bags")["people"], of(found, "bags")["people_established"]) == (1, 1)
    assert (of(found, "same-text")["people"], of(found, "same-text")["people_established"]) == (
        2,
        0,
    )
    totals = found.as_json()["totals"]
    assert (totals["people"], totals["people_established"]) == (2, 1)
    assert (of(found, "bags")["alone"], of(found, "same-text")["alone"]) == (1, 2)


def test_only_named_rules_are_told_of() -> None:
    """The others are judged, and count where a rule is not alone."""
    found = tally(case(1, (BAGS, SAME)), case(2, (SAME,)), named=("bags",))
    assert [each["name"] for each in found.as_json()["items"]] == ["bags"]
    assert (of(found, "bags")["hits"], of(found, "bags")["alone"]) == (1, 0)
    assert found.as_json()["totals"]["people"] == 1
    assert found.touched == 1


def test_what_would_be_done_and_asked() -> None:
    """By rule as if it were live, each line of it; by clause as the verdicts say."""
    found = tally(case(1, (WARNED,)), case(2, (WARNED,)), case(3, (BAGS,)))
    assert of(found, "warned")["would"] == [
        {"action": "suspend", "target": "author", "does": 0, "asks": 2},
        {"action": "warn", "target": "this", "does": 2, "asks": 0},
    ]
    assert of(found, "bags")["would"] == [
        {"action": "hold", "target": "this", "does": 1, "asks": 0}
    ]
    totals = found.as_json()["totals"]
    would = [
        {"action": "hold", "target": "this", "does": 1, "asks": 0},
        {"action": "suspend", "target": "author", "does": 0, "asks": 2},
        {"action": "warn", "target": "this", "does": 2, "asks": 0},
    ]
    assert totals["by_clause"] == {
        "spam.links": {"done": {"hold": 3}, "asked": {"hold": 3}, "would": would}
    }
    assert totals["by_action"] == {"hold": 3}


def test_precision_and_recall() -> None:
    """Labels of the rule's clause only; a hit is right or wrong, a miss only where it breaks."""
    labels = Labels()
    labels.reviewed = labels.take(
        [
            Label(1, "spam.links", True),
            Label(2, "spam.links", True),
            Label(3, "spam.links", False),
            Label(4, "spam.links", True),
            Label(5, "spam.links", False),
            Label(6, "spam.repeats", True),
        ]
    )
    found = tally(
        case(1, (BAGS,)),
        case(2, (BAGS,)),
        case(3, (BAGS,)),
        case(4),
        case(5),
        case(6, (BAGS,)),
        case(7, (BAGS,)),
        labels=labels,
    )
    bags = of(found, "bags")
    assert (bags["precision"]["value"], bags["precision"]["of"]) == (0.6666, 3)
    assert bags["precision"]["lower"] < 0.6666 < bags["precision"]["upper"]
    assert bags["precision"]["words"] == "2 of 3 labelled"
    assert (bags["recall"]["value"], bags["recall"]["of"]) == (0.6666, 3)
    same = of(found, "same-text")
    assert same["precision"] == share_as_json(0, 0)
    assert (same["recall"]["value"], same["recall"]["of"]) == (0.0, 1)
    assert found.measure("precision", "bags") == Fraction(2, 3)
    assert found.measure("recall", "same-text") == 0
    assert found.measure("precision", "same-text") == NO_LABELS
    assert found.measure("lower precision", "same-text") == NO_LABELS
    lower = found.measure("lower precision", "bags")
    assert isinstance(lower, Fraction)
    assert float(lower) == bags["precision"]["lower"]


def test_undone_alone_cannot_say_who_was_right() -> None:
    """Where only undone decisions are labelled, the words say that the share is too low."""
    labels = Labels()
    labels.undone = labels.take([Label(1, "spam.links", False)])
    found = tally(case(1, (BAGS,)), case(2, (BAGS,)), labels=labels)
    precision = of(found, "bags")["precision"]
    assert (precision["value"], precision["of"], precision["words"]) == (0.0, 1, ONLY_UNDONE)
    assert of(found, "bags")["recall"]["words"] == NO_LABELS


def test_no_labels_is_null_and_said() -> None:
    """Never a number out of nothing."""
    nothing = {"value": None, "lower": None, "upper": None, "of": 0, "words": "no reviewed labels"}
    assert of(tally(case(1, (BAGS,))), "bags")["precision"] == nothing


@pytest.mark.parametrize("change", ["new", "gone"])
def test_the_sample_is_of_differences_only(change: str) -> None:
    """Hits that the rule had then too are not drawn."""
    differs = [
        case(n, (BAGS,), person=n) if change == "new" else case(n, recorded=("bags",), person=n)
        for n in range(1, PEOPLE_MIN + 1)
    ]
    same = [case(n, (BAGS,), person=n, recorded=("bags",)) for n in range(100, 200)]
    sample = tally(*differs, *same).as_json()["sample"]
    assert len(sample) == PEOPLE_MIN
    assert {(each["rule"], each["change"]) for each in sample} == {("bags", change)}


def test_every_measure_has_a_value() -> None:
    """The closed list of expectations and the figures are the same list."""
    from ombud.replay.expect import OF_ALL, OF_RULE

    found = tally(case(1, (BAGS,)))
    for measure in OF_RULE:
        assert found.measure(measure, "bags") is not None
    for measure in OF_ALL:
        assert isinstance(found.measure(measure, None), Fraction)
    assert found.measure("events", None) == 1
    assert found.measure("people touched", None) == 1
    assert found.measure("hits", None) == found.measure("hits", "bags") == 1
