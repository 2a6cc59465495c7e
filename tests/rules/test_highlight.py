"""The pieces of a rule's text: nothing is lost, whatever it is, and each is what the lexer says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud import samples
from ombud.rules import highlight
from ombud.rules.highlight import Piece, lines
from ombud.rules.lex import FILE_BYTES_MAX

SHIPPED = {name: text.decode() for name, text in samples.files("rules").items()}


def whole(text: str) -> str:
    """All pieces put together."""
    return "\n".join("".join(each.text for each in line) for line in lines(text))


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_rule_comes_together_again(name: str) -> None:
    """And has the marks that a reader goes by."""
    found = lines(SHIPPED[name])
    assert whole(SHIPPED[name]) == SHIPPED[name]
    marks = {piece.mark for line in found for piece in line}
    assert marks >= {highlight.PART, highlight.TEXT, highlight.ACTION, highlight.PLAIN}


def test_each_piece_is_what_it_is() -> None:
    """A sign in a text is no remark, and a keyword that stands in a line is none."""
    text = 'when  # a # remark\n  text contains "when # 5"\n  author.accepted posts < 20\n'
    found = lines(text)
    assert found[0] == [Piece("part", "when"), Piece("", "  "), Piece("remark", "# a # remark")]
    assert Piece("text", '"when # 5"') in found[1]
    assert Piece("sign", "<") in found[2]
    assert Piece("number", "20") in found[2]
    assert lines("then\n  hold this")[1][1] == Piece("action", "hold")
    assert lines("when\n  hold this")[1][1] == Piece("word", "hold")
    assert lines("mode    live")[0][2] == Piece("action", "live")


@given(st.text(max_size=300) | st.text(alphabet='"#\\ \n\t\ra"', max_size=60))
def test_any_text_comes_together_again(text: str) -> None:
    """Broken quotes, controls and overrides included; only line endings become one."""
    assert whole(text) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_what_is_too_long_is_left_plain() -> None:
    """It is no rule, and is not read."""
    found = lines('when "x"\n' * FILE_BYTES_MAX)
    assert {piece.mark for line in found for piece in line} == {""}
