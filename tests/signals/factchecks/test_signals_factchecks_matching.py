"""Which claim a text repeats: repeated, only near, and said to be false."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.factchecks import matching
from ombud.signals.factchecks.index import Index
from ombud.signals.factchecks.matching import NOTHING, Matched, compare, match, refutes
from ombud.signals.factchecks.words import content_words
from signals.factchecks.checks_made import BRIDGE, CLAIMS, FISH, TRAIN, claim, index

# Beside the three, many others: how rare a word is can only be told among many.
OTHERS = [
    f"Invented claim about subject{number}x and matter{number % 40}y" for number in range(800)
]
INDEX = Index(claim(text, number) for number, text in enumerate([*CLAIMS, *OTHERS]))


def found(text: str, *sites: str, of: Index = INDEX) -> Matched:
    """What a text repeats."""
    return match(of, views.normalise(text), sites)


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        (TRAIN, TRAIN),
        ("did you hear, they flood the harbour tunnel with seawater to cool server halls", TRAIN),
        ("EATING DRIED LANTERNFISH for a week restores lost eyesight!!! share this", FISH),
        (BRIDGE, BRIDGE),
        ("cau rong se bi thao do de ban sat vun vao thang sau", BRIDGE),
    ],
)
def test_a_repeated_claim_is_found(text: str, repeated: str) -> None:
    """In other words around it, in another case, and typed without diacritics."""
    result = found(text)
    assert result.matches[0].claim.claim == repeated
    assert not result.debunks


@pytest.mark.parametrize(
    "text",
    [
        "the tunnel was closed again this morning, what a mess on the way to work",
        "is there dried fish at the market this week?",
        "cầu hôm nay đông quá, kẹt xe cả tiếng",
        "harbour",
        "",
        "tunnel harbour",
        "the and of to in is",
        "câu rộng sê bì thào đồ đế bàn sắc vùn váo tháng sâu",
    ],
)
def test_near_is_not_the_same(text: str) -> None:
    """The nearest claim is not a match: a shared subject, two shared words, other diacritics."""
    assert found(text) == NOTHING


def test_a_few_rare_words_among_many_are_below_the_threshold() -> None:
    """Three words of a claim in a post about something else: compared, and found too weak."""
    text = views.normalise(
        "went through the harbour tunnel again today, forty minutes for two kilometres, somebody's "
        "trailer had lost planks, police everywhere, kids crying, then the server at the diner "
        "forgot our order, best birthday ever, next time we take the ferry or simply stay home"
    )
    (number,) = (n for n, each in enumerate(INDEX.claims) if each.claim == TRAIN)
    near = compare(INDEX, number, content_words(text))
    assert near is not None
    assert 0 < near.strength < matching.SUGGEST
    assert match(INDEX, text) == NOTHING


def test_two_words_are_no_claim() -> None:
    """However rare: a claim of two words would be found in whatever names both."""
    of = Index(
        claim(text, number) for number, text in enumerate(["Lanternfish blindness", *OTHERS])
    )
    assert found("lanternfish blindness today", of=of) == NOTHING


def test_likeness_and_sureness_go_with_what_is_shared() -> None:
    """The whole claim is nearly the same, a part of it among other words less so."""
    (whole,) = found(TRAIN).matches
    part = found(
        "my cousin who works there says that the harbour tunnel gets seawater to cool some servers "
        "and that nobody asked the neighbours, typical for this town and its mayor, again"
    )
    assert whole.likeness > 950
    assert whole.sure
    for each in part.matches:
        assert each.likeness < 600
        assert each.strength < whole.strength


def test_a_claim_is_found_inside_a_long_text_but_not_across_it() -> None:
    """What counts stands together: words from all over a long text are no claim."""
    filler = [f"filler{number}z" for number in range(360)]
    inside = " ".join([*filler[:150], TRAIN, *filler[150:]])
    assert found(inside).matches
    scattered = list(filler)
    for place, word in enumerate(TRAIN.split()):
        scattered.insert(place * 30, word)
    assert not found(" ".join(scattered)).matches


@pytest.mark.parametrize(
    "more",
    [
        "This is false.",
        "That's a hoax, do not share",
        "no evidence for it",
        "debunked long ago",
        "Đây là tin giả",
        "điều này sai sự thật",
        "dieu nay sai su that",
        "it isn't true",
        "it isn’t true",
    ],
)
def test_who_says_that_it_is_false_is_not_taken_for_who_repeats_it(more: str) -> None:
    """Cues in both languages, with diacritics and without."""
    result = found(f"{TRAIN}. {more}")
    assert result.matches
    assert result.debunks


@pytest.mark.parametrize(
    "more", ["This is not fake!", "not a hoax", "đây không phải tin giả", "no rumour, I was there"]
)
def test_who_says_that_it_is_no_lie_repeats_it(more: str) -> None:
    """A cue behind a "not" is none."""
    assert not found(f"{TRAIN}. {more}").debunks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it is not a big fake", False),
        ("it is not such a big fake", True),
        ("đây không phải là tin giả", False),
        ("đây không phải chỉ là tin giả", True),
    ],
)
def test_a_not_reaches_three_words(text: str, said: bool) -> None:
    """The third word before a cue turns it round, the fourth does not."""
    assert refutes(text) is said


def test_words_of_the_claim_itself_are_no_cue() -> None:
    """A claim about fake coins is not debunked by naming them."""
    text = "Fake silver coins were found inside the museum clock tower in Harbour Town"
    of = Index(claim(each, number) for number, each in enumerate([text, *OTHERS]))
    assert not found(text, of=of).debunks
    assert found(f"{text}, which is untrue", of=of).debunks


def test_who_links_to_the_fact_check_is_not_taken_for_who_repeats_it() -> None:
    """The publisher's site says it; any other site says nothing."""
    assert found(TRAIN, "checks.example").debunks
    assert not found(TRAIN, "other.example").debunks


def test_the_strongest_is_first_and_the_newest_of_equals() -> None:
    """Two fact-checks of one claim are both proposed."""
    of = Index(
        [
            claim(TRAIN, 1, date="2025-01-01"),
            claim(TRAIN, 2, date="2026-01-01"),
            *(claim(text, 10 + number) for number, text in enumerate(OTHERS)),
        ]
    )
    dates = [each.claim.date for each in found(TRAIN, of=of).matches]
    assert dates == ["2026-01-01", "2025-01-01"]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["tunnel harbour seawater cool server hall flooded"] * 20_000),
        "false " * 100_000,
        "not " * 100_000 + "fake",
        "subject1x " * 50_000,
        " ".join(f"subject{number}x matter{number % 40}y" for number in range(800)),
        "a\u0301" * 500_000,
        "\u202e" + TRAIN + "\u2066",
        "the of and " * 33_000,
    ],
)
def test_hostile_texts_end_and_say_nothing_strange(text: str) -> None:
    """A megabyte of one word, of every word, of marks: an answer of bounded size."""
    result = found(text[:1_000_000])
    assert len(result.matches) <= matching.CANDIDATES
    assert all(0 <= each.likeness <= 1000 for each in result.matches)


@given(st.text(max_size=200))
def test_any_text_has_one_answer(text: str) -> None:
    """The same twice, and never below the threshold."""
    once = found(text)
    assert once == found(text)
    assert all(each.strength >= matching.SUGGEST for each in once.matches)
    assert isinstance(refutes(views.normalise(text)), bool)


def test_a_claim_repeats_itself() -> None:
    """In an index of one claim as in one of hundreds: how rare words are is not told among few."""
    for of in (index(), *map(index, CLAIMS)):
        for each in of.claims:
            assert match(of, views.normalise(each.claim)).matches[0].claim == each
