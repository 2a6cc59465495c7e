"""Words that expose somebody: how they are found, and copies without them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from flow.small_community import event, line
from ombud import events, redacted
from ombud.errors import BadUse
from ombud.ledger import leaf

NUMBER = "0901 234 567"


def found(words: str, text: str) -> bool:
    """Whether words are found in a text."""
    pattern = redacted.pattern([words])
    assert pattern is not None
    return redacted.without(text, pattern) != text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (NUMBER, "call 0901234567 now"),
        (NUMBER, "call 0901-234.567"),
        (NUMBER, "(09) 01 - 234 567"),
        (NUMBER, "+84/0901 234 567."),
        ("12 Mill Lane", "she lives at 12, MILL LANE!"),
        ("Nguyễn Thị Hoa", "đó là NGUYỄN THỊ HOA"),
        ("ana@x.example", "write to Ana@x.example"),
    ],
)
def test_words_are_found_however_they_are_set(words: str, text: str) -> None:
    """In any case, with any signs between their letters and digits; nothing of them is left."""
    assert found(words, text)
    pattern = redacted.pattern([words])
    assert pattern is not None
    left = redacted.without(text, pattern)
    assert not pattern.search(left)
    assert redacted.BLACK in left


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (NUMBER, "0901 234 568"),
        (NUMBER, "0901 then 234 and 567"),
        ("Hoa", "Hoang has nothing to do with it"),
        ("Ann", "annual, Joann"),
    ],
)
def test_nothing_else_is(words: str, text: str) -> None:
    """Not another number, and no word inside a longer one."""
    assert not found(words, text)


@pytest.mark.parametrize("words", [[], ["ab"], ["..."], ["a--b"], ["x" * 201], ["abc"] * 21, [""]])
def test_what_would_black_out_anything_is_refused(words: list[str]) -> None:
    """Too few signs, too many words, none."""
    with pytest.raises(BadUse, match="U260"):
        redacted.pattern(words)


def test_short_words_are_not_looked_for_elsewhere() -> None:
    """They count in their own record alone."""
    assert redacted.pattern(["Hoa"], redacted.ELSEWHERE_MIN) is None
    both = redacted.pattern(["Hoa", NUMBER], redacted.ELSEWHERE_MIN)
    assert both is not None
    assert not both.search("Hoa")
    assert both.search("0901234567")


def test_the_copy_of_a_body_tells_no_length_and_keeps_ids() -> None:
    """Text, names, links, what was before: without the words; who and where it was stays."""
    told: dict[str, Any] = event(
        1,
        text=f"her number: {NUMBER}, again 0901234567",
        author={"id": "0901234567", "name": f"call {NUMBER}"},
        links=[{"url": "http://x.example/0901234567", "shown": "0901234567"}],
    )
    plain = events.encode(events.decode(line(told)))
    pattern = redacted.pattern([NUMBER])
    assert pattern is not None
    kept = redacted.body(plain, pattern)
    assert kept is not None
    again = events.decode(kept)
    assert again.data.author is not None
    assert again.data.author.id == "0901234567"
    assert again.data.author.name == "call ██████"
    assert again.data.text == "her number: ██████, again ██████"
    assert again.data.links is None or "0901" not in str(again.data.links)
    assert redacted.body(kept, pattern) is None
    assert (again.id, again.time) == (events.decode(plain).id, events.decode(plain).time)


def test_appeals_messages_and_notes() -> None:
    """Each in its own form; None where there is nothing to take out."""
    pattern = redacted.pattern([NUMBER])
    assert pattern is not None
    salt = b"s" * leaf.SALT_BYTES
    plain = salt + msgspec.json.encode({"decision": "dec_1", "text": f"but {NUMBER} is mine"})
    kept = redacted.appeal(plain, pattern)
    assert kept is not None
    assert kept.startswith(salt)
    assert msgspec.json.decode(kept[leaf.SALT_BYTES :])["text"] == "but ██████ is mine"
    assert redacted.appeal(kept, pattern) is None
    message = msgspec.json.encode({"en": NUMBER, "vi": "không"})
    assert redacted.message(message, pattern) == '{"en":"██████","vi":"không"}'.encode()
    assert redacted.message(b'{"en":"no"}', pattern) is None
    assert redacted.holds(NUMBER.encode(), pattern)
    assert not redacted.holds(b"nothing", pattern)
    assert not redacted.holds(None, pattern)


def test_a_long_run_of_signs_costs_little() -> None:
    """What somebody writes to make it slow is read in one walk."""
    pattern = redacted.pattern(["0" * 100 + "1"])
    assert pattern is not None
    assert redacted.without("0-" * 30_000, pattern)
