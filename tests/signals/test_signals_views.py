"""The three views: stable, linear, and blind to what a reader does not see."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ombud.signals.views
from ombud.signals import views

TABLE = Path(ombud.signals.views.__file__).parent / "tables" / "confusables.txt"

# Characters that make normalising hard: marks of several classes, letters that carry marks,
# joiners, fillers, jamo, capitals with odd cases, white space, controls, digits that pass for
# letters.
HARD = (
    "aA\u00e5\u1ea4\u01df\u1f82\u0345\u0301\u0316\u0323\u0331\u0334\u05b4\u0e34\u093c\u094d"
    "\u1160\u1100\u3164\u200b\u200d\ufe0f\u00ad\u034f\u0130"
    "\u00df\u1e9e\u03a3\u03c2\ufb01\ufdfa\u00a8\u00a0"
    "\u2003 \n\x00\x85\u2028\u212b\u1100\u1161\uac00\u11a8\U0001d165\U0001d16e\U0001f600"
    "\ud800\udc00019$@Iimрѕ\u0110\u0111"
)
hard_text = st.text(alphabet=st.one_of(st.sampled_from(HARD), st.characters()), max_size=40)


def test_normalise_is_stable_for_every_single_character() -> None:
    """Normalising what one character after a letter was normalised to changes nothing."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        kind = unicodedata.category(character)
        plain = unicodedata.normalize("NFKC", character).casefold() == character
        if plain and (kind[0] in "LNPS" or kind in ("Cn", "Co")):
            continue
        once = views.normalise("x" + character)
        assert views.normalise(once) == once, hex(code)
        assert unicodedata.is_normalized("NFKC", once), hex(code)


@pytest.mark.parametrize(
    "text",
    ["\ufdfa" * 65_536, "\ufb03 " * 32_768, "\ufdfa  \u0301" * 16_000, "\u1fb7\ufdfa" * 32_000],
)
def test_a_text_that_grows_is_cut(text: str) -> None:
    """One sign can stand for eighteen: all views stay within bounds, stable, and it is told."""
    normal = views.normalise(text)
    assert views.is_cut(text) is (len(unicodedata.normalize("NFKC", text)) > views.NORMAL_MAX)
    assert len(normal) <= views.NORMAL_MAX
    assert views.normalise(normal) == normal
    assert len(views.compose(text)) <= views.NORMAL_MAX
    assert len(views.skeleton(text)) <= 4 * views.NORMAL_MAX
    assert len(views.fold(normal)) <= 2 * views.NORMAL_MAX


@pytest.mark.parametrize(
    "text", ["\u00df" * 65_536, "\ufb01" * 65_536, "a" * 65_536, "\u1ea5" * 9000]
)
def test_a_text_that_grows_to_twice_its_length_is_whole(text: str) -> None:
    """The bound is twice the longest text, so nothing people write is cut."""
    assert len(views.normalise(text)) == len(unicodedata.normalize("NFKC", text).casefold())
    assert not views.is_cut(text)


def test_no_character_grows_more_than_is_reckoned_with() -> None:
    """`is_cut` looks only at texts that could grow beyond the bound."""
    grown = (len(unicodedata.normalize("NFKC", chr(code))) for code in range(sys.maxunicode + 1))
    assert max(grown) == views.GROWTH_MAX


@settings(max_examples=600, deadline=None)
@given(hard_text)
def test_normalise_is_stable_for_any_text(text: str) -> None:
    """Normalising twice is normalising once, and the result is composed and can be encoded."""
    once = views.normalise(text)
    assert views.normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)
    once.encode()


@settings(max_examples=300, deadline=None)
@given(hard_text)
def test_every_view_holds_no_control_and_no_double_space(text: str) -> None:
    """No view of any text holds a control character or two spaces in a row."""
    normal = views.normalise(text)
    for view in (normal, views.fold(normal), views.skeleton(text)):
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in view)
        assert "  " not in view
        assert view == view.strip()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Hello\t\r\n World\x00! ", "hello world !"),
        ("ＦＲＥＥ　ｍｏｎｅｙ", "free money"),
        ("fr\u200bee\u202e mo\u00adney", "free money"),
        ("Straße", "strasse"),
        ("𝓕𝓻𝓮𝓮", "free"),
        ("Ti\u00ea\u0301ng Vie\u0323\u0302t", "tiếng việt"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨👩👧 ❤"),
        ("a\ud800b", "a\ufffdb"),
        ("", ""),
    ],
)
def test_normalise_undoes_what_does_not_show(written: str, normal: str) -> None:
    """Case, width, invisible characters, composition and white space do not count."""
    assert views.normalise(written) == normal


def test_runs_of_marks_are_cut() -> None:
    """A letter under a thousand marks keeps only a few, and the letters stay."""
    zalgo = "".join(letter + "\u0301\u0316\u0334" * 300 for letter in "abc")
    normal = views.normalise(zalgo)
    marks = [c for c in unicodedata.normalize("NFD", normal) if unicodedata.combining(c)]
    assert len(marks) <= 3 * (views.MARKS_MAX + 1)
    assert views.fold(normal) == "abc"


def test_eight_marks_in_a_row_are_kept_and_no_more() -> None:
    """A letter may bear what writing may stack; the ninth mark is gone."""
    assert views.normalise("x" + "\u0334" * 8) == "x" + "\u0334" * 8
    assert views.normalise("x" + "\u0334" * 9) == "x" + "\u0334" * 8
    assert views.normalise("x" + "\u0334" * 80) == "x" + "\u0334" * 8


def test_a_megabyte_of_marks_ends() -> None:
    """Marks out of canonical order, which Python sorts in quadratic time, are cut before that."""
    marks = "\u0301\u0316" * 500_000
    assert len(views.normalise("a" + marks)) <= 1 + views.MARKS_MAX
    astral = "\U0001d165\U0001d16e" * 500_000  # marks outside the basic plane
    assert len(views.normalise("a" + astral)) <= 1 + views.MARKS_MAX


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đường phố Nguyễn Trãi", "duong pho nguyen trai"),
        ("chó", "cho"),
        ("Łódź Øresund Çelik ærø", "lodz oresund celik aero"),
        ("किताब", "किताब"),
        ("น้ำ", views.normalise("น้ำ")),
        ("한국어", "한국어"),
        ("йод ёлка", "йод ёлка"),
        ("e\u0301\u0301\u0301", "e"),
    ],
)
def test_fold_folds_latin_letters_only(written: str, folded: str) -> None:
    """Latin diacritics go, among them the Vietnamese d with stroke; other scripts stay whole."""
    assert views.fold(views.normalise(written)) == folded


@settings(max_examples=300, deadline=None)
@given(hard_text)
def test_fold_is_stable(text: str) -> None:
    """Folding twice is folding once, and word by word it is the same as at once."""
    normal = views.normalise(text)
    folded = views.fold(normal)
    assert views.fold(folded) == folded
    assert views.fold(normal).count(" ") == normal.count(" ")


def test_long_words_fold_like_short_ones() -> None:
    """A word too long to be kept folds as the same letters do in short words."""
    assert views.fold("ế" * (views.WORD_SHORT + 1)) == "e" * (views.WORD_SHORT + 1)
    long = "р" * (views.WORD_SHORT + 1)
    assert views.skeleton(long) == "p" * (views.WORD_SHORT + 1)


@pytest.mark.parametrize(
    ("written", "like"),
    [
        ("PаyPаl", "paypal"),  # Cyrillic а
        ("PaypaI", "paypal"),  # capital i
        ("НELLO", "hello"),  # Cyrillic en, as a capital
        ("нello", "hello"),  # and as a small letter
        ("ΝΙΚΕ", "nike"),  # Greek capitals
        ("fr33 m0n3y", "free money"),
        ("c@$h", "cash"),
        ("modern", "rnodern"),
        ("ｐａｙｐａｌ", "paypal"),
        ("𝗽𝗮𝘆𝗽𝗮𝗹", "paypal"),
        ("“free”", "''free''"),
    ],
)
def test_skeleton_undoes_look_alikes(written: str, like: str) -> None:
    """What looks the same to a reader has the same skeleton."""
    assert views.skeleton(written) == views.skeleton(like)


@pytest.mark.parametrize(
    ("one", "other"),
    [("100", "loo"), ("5k", "sk"), ("hoa", "hòa"), ("chó", "cho"), ("$5", "ss"), ("2024", "2o24")],
)
def test_skeleton_keeps_numbers_and_diacritics_apart(one: str, other: str) -> None:
    """Numbers are not words, and Vietnamese letters are not each other's look-alikes."""
    assert views.skeleton(one) != views.skeleton(other)


@settings(max_examples=300, deadline=None)
@given(hard_text | st.text("IIabl ΝνІ1", max_size=20))
def test_a_skeleton_is_the_same_from_a_text_already_normalised(text: str) -> None:
    """What is known of a text saves work and changes nothing, with capitals that look alike too."""
    assert views.skeleton(text, views.normalise(text)) == views.skeleton(text)


def test_answers_by_word_are_kept_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many words come, no more than WORDS_KEPT answers stay, and no long word does."""
    monkeypatch.setattr(views, "WORDS_KEPT", 10)
    monkeypatch.setattr(views, "_folded", views._Words(views._fold))
    words = [f"chó{n}" for n in range(100)]
    assert [views.fold(word) for word in words] == [f"cho{n}" for n in range(100)]
    assert views.fold("ế" * 100) == "e" * 100
    assert len(views._folded) <= 10
    assert all(len(word) <= views.WORD_SHORT for word in views._folded)


@settings(max_examples=400, deadline=None)
@given(hard_text)
def test_skeleton_is_stable_and_in_one_case(text: str) -> None:
    """The skeleton of a skeleton is itself, in lower case and decomposed."""
    skeleton = views.skeleton(text)
    assert views.skeleton(skeleton) == skeleton
    assert skeleton == skeleton.casefold()
    assert unicodedata.is_normalized("NFD", skeleton)


def test_the_skeleton_of_every_single_character_is_stable() -> None:
    """No prototype of any one character of the table has another prototype."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            once = views.skeleton("ab" + chr(int(line.partition(";")[0], 16)))
            assert views.skeleton(once) == once, line


def test_every_row_of_the_table_is_applied() -> None:
    """A character that stays itself when normalised looks as its prototype in the table does."""
    checked = 0
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        source, _, target = line.partition(";")
        character = chr(int(source, 16))
        prototype = "".join(chr(int(code, 16)) for code in target.split())
        plain = views.normalise(character) == character == unicodedata.normalize("NFD", character)
        if character.isascii() or not plain or not (prototype.isalpha() and prototype.isascii()):
            continue
        expected = prototype.lower().replace("m", "rn")
        assert views.skeleton(character) == expected, source
        checked += 1
    assert checked > 300


def test_table_is_the_one_of_the_config() -> None:
    """The digest in the config is that of the shipped table; Unicode's notice is beside it."""
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == views.TABLE_DIGEST
    assert unicodedata.unidata_version == views.UNICODE
    notice = TABLE.with_name("UNICODE-LICENSE.txt").read_text(encoding="utf-8")
    assert "UNICODE LICENSE V3" in notice


def test_a_changed_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is not the one the program was made with is not used."""
    monkeypatch.setattr(views, "TABLE_DIGEST", "0" * 64)
    with pytest.raises(ValueError, match="not the table"):
        views._table.__wrapped__()


@pytest.mark.parametrize(
    "other",
    [
        "BUY CHEAP BAGS TODAY!!!",
        "buy cheap bags today 123 🎉",
        "buy, cheap-bags... tod\u200bay",
        "buy cheаp bags tоday",  # Cyrillic letters
        "búy chéap bágs today",
        "b u y c h e a p b a g s t o d a y",
    ],
)
def test_content_is_equal_for_equal_letters(other: str) -> None:
    """Case, digits, punctuation, emoji, spaces, diacritics and look-alikes make no other text."""
    first = views.content(views.normalise("Buy cheap bags today"))
    assert first
    assert views.content(views.normalise(other)) == first


@pytest.mark.parametrize(
    "short", ["", "hello", "+1 +1 +1", "😀" * 100, "12345678901234567890", "Cảm ơn bạn!"]
)
def test_content_of_little_text_is_empty(short: str) -> None:
    """Greetings, numbers and emoji are no content: repeating them means nothing."""
    assert views.content(views.normalise(short)) == ""


def test_content_keeps_the_vowels_of_other_scripts() -> None:
    """Two Hindi texts that differ in a vowel sign are two texts."""
    one, other = "किताब किताब किताब किताब", "कताब किताब किताब किताब"
    assert views.content(one)
    assert views.content(one) != views.content(other)


def test_content_is_bounded() -> None:
    """However long the text, its content is not longer than the bound."""
    assert len(views.content("ab" * 200_000)) == views.CONTENT_MAX


def test_words_are_runs_of_letters_with_their_marks() -> None:
    """Words keep the marks of every script and leave punctuation out."""
    assert views.words("hello, world! a_b 12") == ("hello", "world", "a_b", "12")
    assert views.words("किताब पढ़ो") == ("किताब", views.normalise("पढ़ो"))
    assert views.words("") == ()
