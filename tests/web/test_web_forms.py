"""Forms: read within bounds, whatever was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.web import forms


def test_a_form_is_read() -> None:
    """All values of a field, in order, empty ones too."""
    found = forms.fields(b"a=1&a=2&b=&c=%E1%BA%A1+x", 10)
    assert found == {"a": ["1", "2"], "b": [""], "c": ["ạ x"]}
    assert forms.first(found, "a") == "1"
    assert forms.first(found, "none") == ""


@pytest.mark.parametrize("body", [b"\xff", "ạ=1".encode(), b"&".join([b"a=1"] * 11)])
def test_what_is_no_form_of_ours_is_none(body: bytes) -> None:
    """No ASCII, or more fields than a page of ours has."""
    assert forms.fields(body, 10) is None


@pytest.mark.parametrize(
    ("content_type", "wanted"),
    [
        ("application/x-www-form-urlencoded", True),
        ("Application/X-WWW-Form-URLencoded ; charset=utf-8", True),
        ("multipart/form-data; boundary=x", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_only_a_form_is_a_form(content_type: str, wanted: bool) -> None:
    """What a page elsewhere can send without asking is taken no more than JSON is."""
    assert forms.is_form(content_type) is wanted


@given(st.binary(max_size=500))
def test_whatever_is_sent_is_read_or_is_none(body: bytes) -> None:
    """And a text that is read can be written in UTF-8."""
    found = forms.fields(body, 50)
    for values in (found or {}).values():
        for each in values:
            each.encode()


@pytest.mark.parametrize(
    ("text", "most", "found"),
    [
        ("0", forms.NUMBER_MAX, 0),
        ("0042", forms.NUMBER_MAX, 42),
        (str(forms.NUMBER_MAX), forms.NUMBER_MAX, forms.NUMBER_MAX),
        (str(forms.NUMBER_MAX + 1), forms.NUMBER_MAX, None),
        ("7", 6, None),
        ("9" * 5000, forms.NUMBER_MAX, None),
        *((each, forms.NUMBER_MAX, None) for each in ("", "-1", " 1", "1.0", "1e3", "١", "²")),
    ],
)
def test_a_number_is_whole_and_within_bounds(text: str, most: int, found: int | None) -> None:
    """Digits of ASCII alone, none so long that reading it takes time; anything else is none."""
    assert forms.number(text, most) == found
