"""A text as it is compared: words of one view for all three, keyed and bounded."""

from __future__ import annotations

import os
import subprocess
import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import repeats, views
from ombud.signals.repeats import BANDS, WORDS_MAX, WORDS_MIN, Shingles, shingles

TEXT = "Earn five hundred dollars every day from home, write to me now"


def of(text: str, secret: int = 5) -> Shingles:
    """The shingles of a text as written."""
    return shingles(views.skeleton(text), 1, secret)


@pytest.mark.parametrize(
    "edited",
    [
        "EARN five hundred dollars, every day from home! Write to me now",  # as written
        "Earn  five\nhundred\tdollars every day from home write to me now 77",  # normalised
        "E\u200barn fi\u200dve hund\u00adred dollars every day from home, write to me now",
        "Earn five hundred dollars every day from home \U0001f600 write to me now \U0001f680",
        "Еаrn fivе hundrеd dоllars еvеrу dау frоm hоmе, writе tо mе nоw",  # skeleton: Cyrillic
        "E4rn fiv3 hundr3d d0llars every day fr0m home, write t0 me n0w",  # digits for letters
        "Ｅａｒｎ ｆｉｖｅ hundred dollars every day from home, write to me now",
        "to me now write: earn five hundred dollars every day from home",  # another order
    ],
)
def test_one_view_stands_for_all_three(edited: str) -> None:
    """Case, white space, signs, emoji, invisible and look-alike characters leave the same words."""
    assert sorted(of(edited).words) == sorted(of(TEXT).words)


def test_vietnamese_with_and_without_diacritics_is_the_same() -> None:
    """Who leaves the diacritics out changes nothing."""
    said = "Kiếm năm triệu mỗi ngày tại nhà rất dễ, nhắn tin cho mình"
    plain = "Kiem nam trieu moi ngay tai nha rat de nhan tin cho minh"
    assert sorted(of(said).words) == sorted(of(plain).words)


def test_scripts_without_spaces_give_pairs_of_letters() -> None:
    """A Thai or Chinese sentence has more than one word."""
    one, other = (
        of("今天下午三点在大会堂门口免费领取礼品"),
        of("今天下午五点在大会堂门口免费领取礼品"),
    )
    common = set(one.words) & set(other.words)
    assert 2 * len(common) > len(set(one.words) | set(other.words))
    assert len(one.words) > WORDS_MIN


def test_few_words_have_no_digest() -> None:
    """Below WORDS_MIN different words there is only equality; letters alone are no words."""
    few = of("one two three four five five five")
    assert (few.words, few.bands, few.content) == (array("I"), array("I"), 1)
    assert len(of("one two three four five six").words) == WORDS_MIN
    assert of("b u y c h e a p b a g s").words == array("I")


def test_without_the_key_nothing_comes_out_again() -> None:
    """Another community has other hashes and other bands for the same words."""
    one, other = of(TEXT, 5), of(TEXT, 6)
    assert not set(one.words) & set(other.words)
    assert not set(one.bands) & set(other.bands)


@given(st.text(max_size=300))
def test_any_text_gives_bounded_distinct_words(text: str) -> None:
    """Whatever is written: at most WORDS_MAX hashes of 32 bits, and a band each or none."""
    found = of(text)
    assert len(found.words) == len(set(found.words))
    assert len(found.words) <= WORDS_MAX
    assert len(found.bands) == (BANDS if found.words else 0)
    assert all(0 <= each < 2**32 for each in found.bands)


@pytest.mark.parametrize(
    "text",
    ["a" * 2**20, "a\u0301" * 2**19, "ab " * 2**18, " ".join(map(chr, range(0x4E00, 0x9000))) * 40],
    ids=["one letter", "marks", "one word", "many"],
)
def test_hostile_texts_are_bounded(text: str) -> None:
    """A megabyte gives no more than any text."""
    found = of(text)
    assert len(found.words) <= WORDS_MAX


def test_of_a_long_text_the_same_words_are_kept_whatever_stands_before() -> None:
    """The smallest hashes are kept and not the first ones: a prologue pushes out its share only."""
    body = [
        f"word{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxyzabcd'[n // 100]}"
        for n in range(400)
    ]
    long, pushed = of(" ".join(body)), of(" ".join([f"{each}s" for each in body[:100]] + body))
    assert len(long.words) == WORDS_MAX
    assert len(set(long.words) & set(pushed.words)) > WORDS_MAX // 2


@pytest.mark.parametrize(("words", "kept"), [(127, 127), (128, 128), (129, 128), (400, 128)])
def test_a_hundred_and_twenty_eight_words_are_kept(words: int, kept: int) -> None:
    """Of different words; the room that a text takes in a window hangs on it."""
    letters = "abcdefghij"
    text = " ".join(
        f"word{letters[n // 100]}{letters[n // 10 % 10]}{letters[n % 10]}" for n in range(words)
    )
    assert len(of(text).words) == kept


def test_the_cache_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of new words empties it, and changes no hash."""
    monkeypatch.setattr(repeats, "WORDS_KEPT", 8)
    monkeypatch.setattr(repeats, "PARTS_KEPT", 4)
    vietnamese = "Kiếm năm triệu mỗi ngày tại nhà rất dễ, nhắn tin cho mình"
    before = of(TEXT, 77), of(vietnamese, 77)
    assert (of(TEXT, 77), of(vietnamese, 77)) == before
    assert len(repeats._hashes(77)) <= 8
    assert len(repeats._hashes(77).parts) <= 4


def test_long_words_are_not_remembered() -> None:
    """A flood of words of sixty thousand letters stays out of memory; only their beginning counts,
    and they are found all the same.
    """
    hashes = repeats._hashes(78)
    long = " ".join(letter * 3000 for letter in "abcdefgh")
    assert len(of(f"{long} {long.replace('a', 'ế')}", 78).words) >= 8
    assert max(map(len, hashes), default=0) <= repeats.WORD_MAX
    assert max(map(len, hashes.parts), default=0) <= repeats.PART_MAX
    assert sorted(of(long, 78).words) == sorted(of(long.replace(" ", "z "), 78).words)


@given(st.text(max_size=120), st.text("đáé ạnớ.,e", max_size=60))
def test_the_words_of_parts_are_those_of_the_whole(some: str, vietnamese: str) -> None:
    """Read part by part, or as one text: the same words, whatever the script."""
    text = f"{some} {vietnamese}"
    whole = {word for word in repeats._words(views.fold(text)) if len(word) > 1}
    hashes = repeats._hashes(79)
    assert hashes.of(text) == {hashes[word] for word in whole}


def test_python_s_hash_seed_changes_nothing() -> None:
    """Two processes with other seeds have the same words and bands."""
    program = (
        "from ombud.signals import views; from ombud.signals.repeats import shingles;"
        f"print(shingles(views.skeleton({TEXT!r}), 1, 5))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{of(TEXT)}\n"}
