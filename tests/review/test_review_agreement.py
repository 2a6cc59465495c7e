"""Agreement: alpha as a library and its author have it, told together with raw agreement and the
shares of the classes, and not at all of too few.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.review.agreement import ENOUGH, Agreement, agreement, alpha

# What the library `krippendorff` 0.9.0 (GPL, so no part of this program) gives for drawn answers:
# a group of letters for each thing, a letter a person, "-" where nothing was said; then alpha.
LIBRARY = """
aa ab aa aa ab aa aa aa aa aa aa ba aa ab aa aa ab aa aa aa ab aa aa aa ab ab aa aa aa ba aa aa aa
aa aa ab aa bb aa ba aa aa aa aa aa 0.021978021978

aaaa aaaa aaaa baaa bbbb cccc aaaa aaaa aaaa cccc bbbb aaaa aaaa caaa cccc aaaa bbbb aaaa bbbb
aaaa aaaa aaaa 0.911269760326

aa aa aa a- bb aa aa aa aa aa aa a- a- a- aa aa aa aa ba aa ba aa aa aa aa bb aa aa -- aa -a -- -a
aa aa aa aa -a aa aa a- aa aa -a aa a- -a aa -a -a -a 0.640625

aa -a aa bb aa bb bb a- aa -a bb -a aa aa aa aa -a aa a- aa a- aa -b a- aa a- -b aa aa bb -a aa bb
aa -- aa aa aa aa -a ab -a aa aa aa -a bb -a -a aa -a aa aa aa bb 0.924064171123

aa aa bb aa aa aa ba aa aa aa aa aa aa aa bb bb aa bb aa aa aa aa bb aa aa aa aa aa bb aa ba aa aa
aa aa bb aa ab bb bb aa aa bb aa aa ba aa aa aa aa bb aa aa 0.798076923077

aa aa aa aa aa aa aa aa aa ab aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa
aa aa aa aa ab aa aa aa ba aa aa aa aa aa aa aa aa aa aa aa aa bb aa aa 0.377981651376

aa-a aa-a aa-- aa-a bbbb aaaa -aaa -bb- aaaa b--b aa-a baba aaaa bb-b aaaa a-a- -bbb bbbb aa-a
aaa- b--a babb aaa- aaba a-a- baaa abbb abaa abb- bbb- -bab aaaa bb-a bbbb abbb a-aa --aa -aaa
aaaa b-bb a-aa ---- aaa- b-b- aaaa aaaa baab b-a- --b- baaa aaaa b-bb aa-- -aaa bbbb
0.631054552629

aa aa aa aa ba aa aa bb aa aa aa aa aa aa aa aa ba aa aa aa ab aa aa aa aa aa ab aa aa aa aa aa aa
aa aa ba 0.21978021978

-- aa a- aa aa aa aa a- a- ab aa aa aa -a aa aa -a aa bb aa a- a- -a b- aa -a aa a- a- aa -- aa -a
aa aa a- bb a- -a aa -a aa aa aa aa aa 0.783673469388

baaa aaaa baaa aaaa aaaa aaaa aaab aaaa bbba aaaa abba aaaa baaa aaaa aaaa aaab aaaa aaaa abaa
aaba bbba aaaa aaab aaaa aaaa aaaa aaab bbbb aaab aaaa abba bbbb baaa aaab aaaa baaa bbbb aaaa
abaa 0.33024691358

aa aa aa aa aa bb aa aa aa aa aa aa aa aa aa aa aa aa aa aa bb aa aa aa ab bb aa aa aa aa aa aa bb
aa bb aa aa bb bb bb aa aa 0.927129060579

a-a -aa aaa -aa -aa -aa a-- aaa -aa aaa -aa -aa aa- aaa aaa aaa aaa --a a-a aaa aaa aa- aaa aaa
aaa -bb -aa aaa a-a aaa a-a aaa aaa aaa aaa aa- --a 1.0

aa a- bb aa aa -- aa -a a- aa aa aa aa aa b- -- aa aa a- aa aa b- aa -a a- aa aa -a aa a- a- -- -a
aa a- bb a- aa aa aa -- aa aa aa aa aa aa a- -a aa aa -a 1.0
"""
BY_THE_LIBRARY = [
    (units, float(wanted))
    for units, _, wanted in (
        " ".join(each.split()).rpartition(" ") for each in LIBRARY.strip().split("\n\n")
    )
]
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers,
# twelve things; nominal alpha 0.743.
BOOK = ["1 2 3 3 2 1 4 1 2 - - -", "1 2 3 3 2 2 4 1 2 5 - 3", "- 3 3 3 2 3 4 2 2 5 1 -"]
BOOK += ["1 2 3 3 2 4 4 1 2 5 1 -"]
COVERED = 0.9  # of intervals of 95 % at least so many hold the truth, set before the first run
RUNS = 400


def seen(units: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Things with what was said of them, "-" for nothing."""
    return Counter(tuple(sorted(each.replace("-", ""))) for each in units)


@pytest.mark.parametrize(("units", "wanted"), BY_THE_LIBRARY)
def test_alpha_is_what_the_library_gives(units: str, wanted: float) -> None:
    """For two to four people, two or three classes, with gaps, skewed or not."""
    assert alpha(seen(units.split())) == pytest.approx(wanted, abs=1e-9)


def test_alpha_is_what_its_author_gives() -> None:
    """With a thing that one person judged alone, which does not count."""
    rows = [each.split() for each in BOOK]
    units = ["".join(column) for column in zip(*rows, strict=True)]
    found = alpha(seen(units))
    assert found == pytest.approx(0.743, abs=0.0005)


def test_raw_agreement_alone_and_alpha_alone_mislead() -> None:
    """The same 97 % are an alpha of 0.94 where both are common, 0.38 where one is rare."""
    common = [("a", "a")] * 485 + [("b", "b")] * 485 + [("a", "b")] * 30
    rare = [("a", "a")] * 960 + [("b", "b")] * 10 + [("a", "b")] * 30
    for judged, wanted in ((common, 0.94), (rare, 0.385)):
        found = agreement(judged)
        assert found.raw == pytest.approx(0.97)
        assert found.alpha == pytest.approx(wanted, abs=0.005)
    assert agreement(rare).shares == pytest.approx({"a": 0.975, "b": 0.025})


def test_of_too_few_nothing_is_told() -> None:
    """Not even a share; what one person said alone makes it no more."""
    judged: list[tuple[str, ...]] = [("a", "b")] * (ENOUGH - 1) + [("a",)] * 100
    assert agreement(judged) == Agreement(ENOUGH - 1)
    assert not agreement(judged).enough
    found = agreement([*judged, ("a", "a")])
    assert found.enough
    assert None not in (found.raw, found.alpha, found.shares, found.raw_between)


def test_where_one_class_was_said_there_is_no_alpha() -> None:
    """All agree, and whether they could tell apart is unknown."""
    found = agreement([("a", "a")] * 50)
    assert (found.raw, found.alpha, found.alpha_between) == (1.0, None, None)
    assert found.shares == {"a": 1.0}


@given(
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), min_size=30, max_size=60),
    st.randoms(use_true_random=False),
)
def test_the_order_says_nothing(judged: list[list[str]], rng: random.Random) -> None:
    """Neither of the things nor of the people; figures stay within their bounds."""
    found = agreement(judged)
    mixed = [rng.sample(each, len(each)) for each in judged]
    rng.shuffle(mixed)
    other = agreement(mixed)
    assert other.things == found.things
    assert other.raw == pytest.approx(found.raw)
    assert other.alpha == pytest.approx(found.alpha)
    if found.raw is not None and found.raw_between and found.shares:
        assert 0 <= found.raw_between[0] <= found.raw <= found.raw_between[1] <= 1
        assert sum(found.shares.values()) == pytest.approx(1)
    if found.alpha is not None and found.alpha_between:
        assert -1 <= found.alpha_between[0] <= found.alpha <= found.alpha_between[1] <= 1


@pytest.mark.parametrize("rare", [0.5, 0.2])
def test_intervals_hold_the_truth(rare: float) -> None:
    """Of 400 samples of 100 things, each judged by two people who err one time in ten."""

    def drawn(rng: random.Random, count: int) -> list[tuple[str, str]]:
        found = []
        for _ in range(count):
            truth = rng.random() < rare
            one, two = (truth != (rng.random() < 0.1) for _ in range(2))
            found.append(("ab"[one], "ab"[two]))
        return found

    rng = random.Random(20261127)
    truth = agreement(drawn(rng, 200_000))
    assert truth.alpha is not None
    assert truth.raw is not None
    held = [0, 0]
    for _ in range(RUNS):
        found = agreement(drawn(rng, 100))
        for at, (between, wanted) in enumerate(
            ((found.raw_between, truth.raw), (found.alpha_between, truth.alpha))
        ):
            assert between is not None
            held[at] += between[0] <= wanted <= between[1]
    assert min(held) >= COVERED * RUNS, held
