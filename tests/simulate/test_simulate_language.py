"""Sentences from patterns: drawn like cards, their slots filled."""

from __future__ import annotations

from random import Random

from ombud.simulate.language import Language, Speaker

TINY = Language(
    code="en",
    talk={"room": ("The {colour} door.", "{colour} again, @{name}!")},
    replies=("Yes.", "No.", "Perhaps."),
    introductions=("Hello.",),
    with_link=("See {link}",),
    with_mention=("@{name}?",),
    tails=("Bye.",),
    slots={"colour": ("green", "blue")},
    given_names=("Ana",),
    by_names=("tea",),
)


def first_sentences(speaker: Speaker, count: int) -> list[str]:
    """What is said without the second sentences."""
    return [speaker.say(TINY.replies).removesuffix(" Bye.") for _ in range(count)]


def test_no_pattern_comes_twice_before_all_came_once() -> None:
    """Of three patterns, each three in a row are different."""
    said = first_sentences(Speaker(Random(5), TINY), 30)
    for start in range(0, 30, 3):
        assert sorted(said[start : start + 3]) == sorted(TINY.replies)
    assert len({tuple(said[start : start + 3]) for start in range(0, 30, 3)}) > 1


def test_slots_are_filled_and_sentences_begin_with_a_capital() -> None:
    """A slot gets one of its words or what is given; the first letter is a capital."""
    speaker = Speaker(Random(5), TINY)
    said = {speaker.say(TINY.talk["room"], name="ana").removesuffix(" Bye.") for _ in range(50)}
    assert said == {
        *("The green door.", "The blue door."),
        *("Green again, @ana!", "Blue again, @ana!"),
    }


def test_some_say_a_second_sentence() -> None:
    """Of many sentences some have a tail, and some have none."""
    speaker = Speaker(Random(5), TINY)
    tails = sum(speaker.say(TINY.replies).endswith("Bye.") for _ in range(200))
    assert 50 < tails < 150


def test_patterns_are_all_but_the_tails() -> None:
    """`patterns` lists every whole post once."""
    assert len(TINY.patterns()) == 8
    assert "Bye." not in TINY.patterns()
