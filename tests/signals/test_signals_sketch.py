"""Sketches against what they stand for: names letter pair by letter pair, texts word by word."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import sketch

SECRET = 0x1234_5678_9ABC_DEF
ANA, BO = 11 << 20 | 1, 12 << 20 | 1  # tokens of two people whose labels differ
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
OFTEN = (12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2, *[1] * 8)  # as in English


def made(chance: random.Random, length: int) -> str:
    """A name of letters as frequent as in English."""
    return "".join(chance.choices(LETTERS, OFTEN, k=length))


def alike(one: str, other: str, secret: int = SECRET) -> int:
    """How alike two names are by their sketches."""
    return sketch.likeness(sketch.name_bits(one, secret), sketch.name_bits(other, secret))


def exactly(one: str, other: str) -> int:
    """Dice over the letter pairs themselves, for names of small Latin letters without an m."""
    first, second = (
        {f" {name} "[at : at + 2] for at in range(len(name) + 1)} for name in (one, other)
    )
    return 2000 * len(first & second) // (len(first) + len(second))


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("raider_001", "Raider 77"),
        ("RAIDER", "raider"),
        ("raіder", "raider"),  # a Cyrillic і
        ("Hòa Bình", "hoa binh"),
        ("r4ider12", "raider"),
        ("99raider", "raider"),
        ("raid.er", "raider5"),
    ],
)
def test_what_a_raider_changes_makes_no_difference(one: str, other: str) -> None:
    """Case, digits at the ends of words, signs, diacritics and look-alikes: the same name."""
    assert alike(one, other) == 1000


def test_the_ends_of_a_name_count() -> None:
    """Three letters and two ends are four pairs: two names that end otherwise share half."""
    assert alike("abx", "aby") == exactly("abx", "aby") == 500


def test_names_without_letters_are_like_nobody() -> None:
    """Digits and signs alone are no name, not even like themselves."""
    for name in ("", "123", "!!!", "..42.."):
        assert sketch.name_bits(name, SECRET) == 0
        assert alike(name, name) == 0


names = st.text("abcdefghijkl", min_size=1, max_size=20)


@given(names, names)
def test_a_sketch_never_makes_names_much_less_alike(one: str, other: str) -> None:
    """Symmetric, full for the same name; where two pairs share a bit, names only seem more alike,
    or lose what one bit weighs.
    """
    found = alike(one, other)
    assert found == alike(other, one)
    assert alike(one, one) == 1000
    pairs = min(
        len({f" {name} "[at : at + 2] for at in range(len(name) + 1)}) for name in (one, other)
    )
    assert found >= exactly(one, other) - 3000 // pairs


def test_all_that_resemble_are_found_and_few_others() -> None:
    """On 4,000 generated names: every name with a letter changed is found at 70 %, and of
    unrelated ones of ten letters fewer than one in 50,000 pairs.
    """
    chance = random.Random(7)
    missed = 0
    for _ in range(1000):
        name = made(chance, 12)
        at = chance.randrange(12)
        changed = name[:at] + chance.choice(LETTERS) + name[at + 1 :]
        missed += alike(name, changed + str(chance.randrange(1000))) < 700
    assert missed == 0
    bits = [sketch.name_bits(made(chance, 10), SECRET) for _ in range(3000)]
    pairs = [
        sketch.likeness(bits[one], bits[other]) >= 700
        for one in range(3000)
        for other in range(one + 1, min(one + 201, 3000))
    ]
    assert len(pairs) > 500_000
    assert sum(pairs) < len(pairs) / 50_000


FAMILIES = [*["Nguyễn"] * 39, *["Trần"] * 11, *["Lê"] * 9, *["Phạm"] * 7, *["Huỳnh"] * 5]
FAMILIES += [*["Hoàng"] * 5, *["Phan"] * 4, *["Vũ"] * 4, *["Võ"] * 4, *["Đặng"] * 3]
FAMILIES += [*["Bùi"] * 3, *["Đỗ"] * 3, *["Hồ"] * 2, *["Ngô"] * 2, "Dương", "Lý"]
MIDDLES = [*["Thị"] * 30, *["Văn"] * 25]
MIDDLES += [
    *("Minh", "Thanh", "Ngọc", "Quốc", "Đức", "Hoàng", "Thu", "Xuân", "Kim", "Hữu", "Anh", "Gia"),
    *("Bảo", "Phương", "Thùy"),
] * 3
GIVEN = [
    *("An", "Anh", "Bình", "Chi", "Châu", "Cường", "Dũng", "Dung", "Duy", "Giang", "Hà", "Hải"),
    *("Hạnh", "Hiền", "Hiếu", "Hoa", "Hòa", "Hùng", "Hương", "Huy", "Khánh", "Khoa", "Lan", "Linh"),
    *("Loan", "Long", "Mai", "Minh", "Nam", "Nga", "Ngân", "Nhi", "Nhung", "Oanh", "Phong", "Phúc"),
    *("Phương", "Quân", "Quang", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thủy", "Tiến", "Toàn"),
    *("Trang", "Trinh", "Trung", "Tú", "Tuấn", "Tùng", "Uyên", "Vân", "Vinh", "Yến"),
]


def test_full_names_are_alike_by_nature_where_families_share_theirs() -> None:
    """What the reference page says of a school class of 21: at 70 % the last one is like another in
    about a third of the classes, at 85 % in about one in twenty.
    """
    chance = random.Random(11)
    alike_at = {700: 0, 850: 0}
    for _ in range(400):
        names = [
            f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
            for _ in range(21)
        ]
        likest = max(alike(names[-1], other) for other in names[:-1] if other != names[-1])
        for percent in alike_at:
            alike_at[percent] += likest >= percent
    assert 90 < alike_at[700] < 190
    assert alike_at[850] < 40


def test_another_key_gives_other_bits() -> None:
    """Without the community's secret a sketch cannot be made, and does not compare."""
    assert sketch.name_bits("raider", SECRET) != sketch.name_bits("raider", SECRET + 1)


def test_one_s_own_names_are_left_out() -> None:
    """The likest of others: what oneself is called, or was, does not count."""
    bits = sketch.name_bits("raider one", SECRET)
    own = sketch.labelled(bits, "raider one", ANA, SECRET)
    before = sketch.labelled(sketch.name_bits("raider on", SECRET), "raider on", ANA, SECRET)
    assert sketch.likest(bits, {*own, *before}, ANA) == 0
    assert sketch.likest(bits, {*own, *before}, BO) == 1000
    others = sketch.labelled(sketch.name_bits("gardener", SECRET), "gardener", BO, SECRET)
    assert sketch.likest(bits, {*own, *others}, ANA) == alike("raider one", "gardener")
    assert sketch.likest(bits, (), ANA) == 0


@given(st.text(max_size=30), st.integers(0, (1 << 63) - 1))
def test_values_fit_where_tokens_fit(name: str, owner: int) -> None:
    """Both values are integers of 63 bits, as the journal and SQLite keep them; half a name, the
    other half let go, is nobody's.
    """
    low, high = sketch.labelled(sketch.name_bits(name, SECRET), name, owner, SECRET)
    assert 0 <= low < high < 1 << 63
    assert sketch.likest(sketch.name_bits(name, SECRET), (low,), owner + (1 << 20)) == 0


# --- passages -------------------------------------------------------------------------------------

words = st.lists(st.sampled_from(["red", "green", "blue", "tea", "pot", "x1", "ngon", "đi"]))


def shares(one: list[str], other: list[str], length: int) -> bool:
    """Whether two texts have so many words in a row in common."""

    def runs(text: list[str]) -> set[tuple[str, ...]]:
        return {tuple(text[at : at + length]) for at in range(len(text) - length + 1)}

    return bool(runs(one) & runs(other))


def quoted(kept: str, other: str) -> bool:
    """Whether a text holds something that was kept of another."""
    tokens = set(sketch.kept_passages(kept, SECRET))
    return not tokens.isdisjoint(sketch.passages(other, SECRET))


@given(words, words, words, words)
def test_long_passages_are_always_found_and_short_ones_never(
    before: list[str], passage: list[str], after: list[str], other: list[str]
) -> None:
    """Eight words in a row in common are found; without five in common, nothing is, but for a
    short post as a whole.
    """
    text = [*before, *passage, *after]
    found = quoted(" ".join(text), " ".join([*other, *passage]))
    if shares(text, [*other, *passage], sketch.PASSAGE_SURE):
        assert found
    short = sketch.WHOLE_MIN <= len(text) < sketch.PASSAGE_SURE
    if short:
        assert found is shares(text, [*other, *passage], len(text))
    elif not shares(text, [*other, *passage], sketch.PASSAGE_WORDS):
        assert not found


def test_the_whole_of_a_short_post_is_quoted() -> None:
    """A post of three words is held by a text that says them in a row; two words are nobody's."""
    assert quoted("cats are nice", 'you said "cats are nice" yesterday, well')
    assert not quoted("cats are nice", "cats are very nice")
    assert sketch.kept_passages("so what", SECRET) == ()
    assert sketch.kept_passages("", SECRET) == ()


def test_few_tokens_are_kept() -> None:
    """Of a long text about two in five; never more than a bounded number, however long it is."""
    chance = random.Random(3)
    text = " ".join(made(chance, 6) for _ in range(5000))
    kept = sketch.kept_passages(text, SECRET)
    assert 40 < len(kept) < 90
    assert set(kept) <= sketch.passages(text, SECRET)
    assert all(0 <= token < 1 << 63 for token in kept)


def test_scripts_without_spaces_are_read_letter_by_letter() -> None:
    """A Chinese sentence has passages too."""
    said = "我昨天在公园里看见一只白色的猫"
    assert quoted(said, f"他说：{said[2:12]}，真的吗")
    assert not quoted(said, "我今天什么也没看见")
