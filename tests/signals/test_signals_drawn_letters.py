"""Letters that are drawn otherwise: in frames, as small capitals, as flags."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import drawn_letters, lookalike, sketch, views

FRAMES = {  # the first letter of each alphabet of 26
    "squared": 0x1F130,
    "negative circled": 0x1F150,
    "negative squared": 0x1F170,
    "circled": 0x24B6,
    "regional indicators": 0x1F1E6,
}
SMALL = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"


def framed(text: str, first: int) -> str:
    """A text with its letters out of another alphabet."""
    return "".join(chr(first + ord(each) - 97) if each.isalpha() else each for each in text)


@pytest.mark.parametrize("first", FRAMES.values(), ids=FRAMES)
def test_every_letter_of_an_alphabet_is_undone(first: int) -> None:
    """As plain letters, in one word and one by one."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert views.skeleton(framed(letters, first)) == views.skeleton(letters)
    for letter in letters:
        assert views.skeleton(framed(letter, first)) == views.skeleton(letter)


def test_small_capitals_are_undone() -> None:
    """All there are."""
    plain = "abcdefghijklmnoprstuvwyz"
    assert views.skeleton(SMALL) == views.skeleton(plain)
    assert {unicodedata.name(each)[:27] for each in SMALL} == {"LATIN LETTER SMALL CAPITAL "}


@pytest.mark.parametrize("first", FRAMES.values(), ids=FRAMES)
def test_a_name_and_a_text_in_frames_are_what_they_look_like(first: int) -> None:
    """A name is alike, also with its letters apart; a text is the same text."""
    assert lookalike.resemblance("PixelPanda", framed("pixelpanda", first)) == 1000
    apart = "\u200b".join(framed("pixelpanda", first))
    assert lookalike.resemblance("PixelPanda", apart) == 1000
    said = "cheap bags for everybody today"
    assert views.content(views.normalise(framed(said, first))) == views.content(said)
    assert sketch.name_bits(framed("raider", first), 7) == sketch.name_bits("raider", 7)


def test_a_crossed_p_and_small_capitals_in_a_name() -> None:
    """The one letter that is crossed, and letters of a font that is none."""
    assert views.skeleton("\U0001f18aixel") == "pixel"
    assert lookalike.resemblance("PixelPanda", "ᴘɪxᴇʟᴘᴀɴᴅᴀ") == 1000
    assert views.content(views.normalise("ᴄʜᴇᴀᴘ ʙᴀɢꜱ ᴛᴏᴅᴀʏ")) == views.content("cheap bags today")


def test_flags_beside_a_name_hide_it_from_nobody() -> None:
    """One flag or several: what remains is the name; two letters in a text stay a flag."""
    assert views.skeleton("ana \U0001f1fb\U0001f1f3") == "ana \U0001f1fb\U0001f1f3"
    for flags in ("\U0001f1fb\U0001f1f3", "\U0001f1fb\U0001f1f3\U0001f1fa\U0001f1f8"):
        assert lookalike.resemblance("PixelPanda", f"PixelPanda {flags}") == 1000
        assert lookalike.resemblance("PixelPanda", f"{flags}PixelPanda") == 1000


@given(st.text(alphabet=[*drawn_letters.letters(), "a", " ", "é", "\u0301"], max_size=40))
def test_any_of_them_in_any_order(text: str) -> None:
    """No drawn letter is left but in flags, and what is undone is undone once and for all."""
    found = views.skeleton(text)
    left = drawn_letters.FLAG.sub("", found)
    assert not set(left) & set(drawn_letters.letters())
    assert views.skeleton(views.normalise(text)) == found


def test_a_megabyte_of_indicators_is_read_once() -> None:
    """In time linear in the text: the pattern for flags never goes back."""
    for text in ("\U0001f1e6" * 262_144, "\U0001f1e6\U0001f1e7a" * 87_381):
        assert len(views.skeleton(text)) <= views.NORMAL_MAX
