"""Names that say by themselves that they are not the one they sound like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals.disclosure import SHOWN, disclosed


@pytest.mark.parametrize(
    "name",
    [
        "Ana (parody)", "PARODY Ana", "Ana_fan_page", "fan of Ana", "Ana Fanpage", "Hội fan Ana",
        "Người hâm mộ Ana", "not the real Ana", "Ana (not real)", "Ana | not an official account",
        "Ana, not affiliated", "This isn't the real Ana", "Ana không phải thật",
        "Ana (không phải là tài khoản chính chủ)", "Khong phai nick that Ana",
        "Ana không chính thức", "Unofficial Ana", "Cỏ non (không phải chính chủ)",
    ],
)  # fmt: skip
def test_fans_and_parodies_are_told(name: str) -> None:
    """In English and Vietnamese, before and after the name."""
    assert disclosed(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ana", "", "Ana official", "Fanny", "Ana pаrody", "Ana not a parody", "not fake Ana",
        "Ana (not a scammer)", "Ana không phải fan", "Ana (không phải fake)", "Captain Not",
        "no parody Ana", "không phải là trang fan Ana", "Ana không phải giả mạo",
        "not the real scammer Ana", "no, not not the real Ana",
    ],
)  # fmt: skip
def test_other_names_excuse_nothing(name: str) -> None:
    """Neither a plain name nor a disguise, nor whoever denies being a fake."""
    assert not disclosed(name)


@pytest.mark.parametrize(
    "beside",
    [
        "| will not DM first", "(do not reply)", "not banned", "(not AFK)", "not a bot",
        "- isn't a stranger", "can't be reached, not here", "| không phải trả lời",
        "(không phải người lạ)", "không nhắn tin trước", "not responsible for losses",
        "does not ask for passwords", "not really away",
    ],
)  # fmt: skip
def test_a_bare_no_says_nothing_of_whose_name_it_is(beside: str) -> None:
    """Before or behind a name, in both languages: an impostor's own words."""
    assert not disclosed(f"Ana Nguyen {beside}")
    assert not disclosed(f"{beside} Ana Nguyen")


def test_only_what_is_shown_counts() -> None:
    """What stands behind the letters that a reader sees tells the reader nothing."""
    assert disclosed("x" * (SHOWN - 8) + " parody")
    assert not disclosed("x" * SHOWN + " parody")
    assert not disclosed("Ana" + "\u0301" * 1000 + " parody")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_read(name: str) -> None:
    """Whatever the name, there is an answer, and a plain "(parody)" in front is always seen."""
    assert disclosed(name) in (True, False)
    assert disclosed("parody account. " + name)
