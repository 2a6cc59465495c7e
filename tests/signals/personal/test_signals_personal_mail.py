"""Mail addresses: plain and disguised, and what only holds an @."""

from __future__ import annotations

import pytest

from ombud.signals.personal import mail


def found(text: str) -> list[str]:
    """What is found, as it stands."""
    return [text[start:end] for start, end in mail.mails(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ana.b+news@mail.shop.example!", ["ana.b+news@mail.shop.example"]),
        ("mail:ana@shop.example.", ["ana@shop.example"]),
        ("(ana@shop.example),<bo@shop.example>", ["ana@shop.example", "bo@shop.example"]),
        ("mailto:ana@shop.vn", ["ana@shop.vn"]),
        ("ana [at] shop [dot] example ok", ["ana [at] shop [dot] example"]),
        ("ana(at)shop.example", ["ana(at)shop.example"]),
        ("ana at gmail dot com", ["ana at gmail dot com"]),
        ("ana_nguyen at gmail.com", ["ana_nguyen at gmail.com"]),
        ("0912345678@gmail.com", ["0912345678@gmail.com"]),
    ],
)
def test_addresses_are_found(text: str, expected: list[str]) -> None:
    """Plain ones and those with words for their signs."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "@ana@social.example and @bo:matrix.example",
        "support@shop.example, info@shop.example, cskh@shop.vn, support+vn@shop.vn",
        "support [at] shop.example",
        "git@code.example:ana/project",
        "https://ana:secret@host.example/x",
        "meet @ 5 pm, a@b, ana@, @shop.example",
        "we met at google dot inc",
        "look at me (at) once",
        "ana@shop.1",
        "ana@-shop.example",
    ],
)
def test_what_is_no_private_address(text: str) -> None:
    """Handles, mailboxes of a function, passwords in web addresses and loose signs are none."""
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["a" * 60_000 + "@", "a@" * 30_000, "[at]" * 15_000, "a." * 30_000, " at a" * 12_000]
)
def test_hostile_texts_end(text: str) -> None:
    """Texts made of signs are read in one pass."""
    assert found(text) == []
