"""Passwords that many people have: what is one, what is made of one, and what is neither."""

from __future__ import annotations

import gzip
import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest

from ombud.staff import leaked

TABLES = Path(leaked.__file__).parent / "tables"


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",  # on the list
        "1Q2W3E4R5T6Y",
        "password1234",  # with figures and signs around one
        "...Password!",
        "2026-iloveyou-2026",
        "p@$$w0rd1234",  # with signs for letters
        "sunshinedragon",  # two in a row
        "monkeymonkeymonkey",  # one again and again
        "monkeymonkeymonkey99",
        "abcdefghijklm",  # counting
        "9876543210987",
        "567890123456",
    ],
)
def test_what_many_people_have_is_of_both(password: str) -> None:
    """Whatever its case."""
    assert leaked.known(password)


@pytest.mark.parametrize(
    "password",
    [
        "nine herons over the delta",
        "correct horse battery staple",
        "một con vịt xoè ra",
        "x9$kQ2vLm0!aTz",
        "mynextpasswordis",  # it holds one, and is not made of them
        "a password of ours",
        "abcdefghijkl and on",
        "",
        "1",
        "!!!",
    ],
)
def test_what_few_people_have_is_not(password: str) -> None:
    """Words that do not belong together, what a manager makes, what merely holds a common one."""
    assert not leaked.known(password)


def test_the_list_is_the_one_that_was_taken_over() -> None:
    """As Django ships it, with its licence; small letters, no entry twice."""
    content = (TABLES / "common-passwords.txt.gz").read_bytes()
    assert sha256(content).hexdigest() == leaked.DIGEST
    entries = gzip.decompress(content).decode().strip("\n").split("\n")
    assert len(entries) == len(set(entries)) > 19_000
    assert all(each == each.casefold() for each in entries)
    assert leaked._listed() <= set(entries)
    assert len(leaked._listed()) > 19_000
    assert "Django Software Foundation" in (TABLES / "DJANGO-LICENSE.txt").read_text()


def test_another_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would refuse other passwords than the documents say."""
    leaked._listed.cache_clear()
    leaked._of_both.cache_clear()
    monkeypatch.setattr(leaked, "DIGEST", "0" * 64)
    with pytest.raises(ValueError, match="not the list"):
        leaked.known("nine herons over the delta")


def test_the_longest_password_is_looked_through_whole() -> None:
    """What repeats to the end is known, whatever its length; one sign more at its end hides
    nothing.
    """
    assert leaked.known("monkey" * 42)
    assert leaked.known("a" * 256)
    assert leaked.known("password" * 31 + "1")


@pytest.mark.parametrize(
    "password",
    [
        "matkhaucuatoi",
        "MatKhauCuaToi2026!",
        "mật khẩu của tôi",
        "mật khẩu anh yêu em",  # two in a row
        "AnhYêuEmAnhYêuEm",
        "matkhauanhyeuem",
        "anhyeuem123456",
        "vietnamvodich",
        "nguyenvanan1990",
        "maatjkhaaur2026",  # Telex, the tone at the end
        "maajtkhaaur2026",  # and behind its vowels
        "anhye6uem1234",  # VNI
        "saifgofn2026!!",
    ],
)
def test_what_many_people_in_vietnam_have_is_of_both(password: str) -> None:
    """With marks, without, and as it is typed on a keyboard without them."""
    assert leaked.known(password)


@pytest.mark.parametrize(
    "password",
    [
        "chín con cò bay qua đồng lúa",
        "matkhaunaydairatdai",  # it holds one, and is not made of them
        "bà ngoại trồng mướp sau nhà",
        "khu vườn nhỏ có mười hai cây ổi",
    ],
)
def test_what_few_people_in_vietnam_have_is_not(password: str) -> None:
    """Sentences of one's own, with marks and spaces."""
    assert not leaked.known(password)


def test_the_vietnamese_list_is_told_as_what_it_is() -> None:
    """A few hundred phrases, composed, none twice; its head says where they are from."""
    content = (TABLES / leaked.VIETNAMESE).read_text(encoding="utf-8")
    phrases = [line for line in content.splitlines() if not line.startswith("#")]
    assert "taken from no leak" in content
    assert len(phrases) == len(set(phrases)) >= 300
    assert all(unicodedata.is_normalized("NFC", each) for each in phrases)
    assert all(each == each.casefold().strip() for each in phrases)


def test_each_way_of_typing_is_one() -> None:
    """Telex and VNI, the tone behind the vowels or at the end."""
    assert leaked.typed("mật khẩu") == {
        *("matkhau", "mậtkhẩu", "maatjkhaaur", "maajtkhaaur", "ma6t5kha6u3", "ma65tkha6u3"),
    }
    assert {"saifgofn", "saigon"} <= leaked.typed("sài gòn")
    assert {"ddafnawngx", "ddafnawxng", "d9a2na8ng4"} <= leaked.typed("đà nẵng")
