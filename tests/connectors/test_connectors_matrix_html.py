"""Formatted text is read as clients show it, whatever a stranger wrote, in time linear in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.connectors import matrix_html
from ombud.connectors.matrix_html import Line

LINK = ("http://evil.example/x", "here")


@pytest.mark.parametrize(
    "written",
    [
        '<a href="http://evil.example/x">here</a>',
        "<a href='http://evil.example/x'>here</a>",
        "<A HREF=http://evil.example/x>here</A>",
        '<a/href="http://evil.example/x">here</a>',
        '<a\nhref\n=\n"http://evil.example/x">here</a>',
        '<a data-href="https://matrix.to/#/@a:b" href="http://evil.example/x">here</a>',
        '<a title=">" href="http://evil.example/x">here</a>',
        '<a name="x"href="http://evil.example/x">here</a>',
        '<a href="http://evil.example/x" href="https://good.example">here</a>',
        '<a href="&#104;ttp://evil.example/x">here</a>',
        '<a href="ht\ntp:\t//evil.example/x">here</a>',
        '<a href=" \x01http:evil.example/x ">here</a>',
        '<a href="http:\\\\evil.example/x">here</a>',
        '<a href="http://evil.example/x">he<b>re</b>',
        '<x y="<a href=http://evil.example/x>here</a>">',
        "<!-- > <a href=http://evil.example/x>here</a> -->",
        "<!--><a href=http://evil.example/x>here</a>",
        '<xmp><a title="</xmp><a href=http://evil.example/x>here</a>',
    ],
)
def test_a_link_is_found_however_it_is_written(written: str) -> None:
    """As a browser reads it, or as some other reader might."""
    assert LINK in matrix_html.read(written).links


def test_what_is_shown_stands_in_lines() -> None:
    """Parts of a word stay together; what begins a block begins a line; signs are told apart."""
    written = (
        "a<b>b</b> <i>c</i><p>one<br/>two</p><ul><li>three</li></ul><h2>four</h2>five &lt;b&gt;"
        '<pre><code class="language-py">x  = 1\ny\n</code></pre>end'
    )
    assert matrix_html.read(written).lines == (
        *(Line("ab c"), Line("one"), Line("two"), Line("three", marked=True)),
        *(Line("four", marked=True), Line("five <b>"), Line("```py", fence=True)),
        *(Line("x = 1"), Line("y"), Line("```", fence=True), Line("end")),
    )
    assert matrix_html.read("<table><tr><td>a</td><td>b</td></tr></table>").text == "a\nb"


@pytest.mark.parametrize(
    "written",
    [
        "<!-- cheap bags -->",
        "<!-->cheap bags-->",
        "<?cheap bags>",
        "</ cheap bags>",
        "<b title='cheap bags",
        "<img alt='cheap bags'>",
        "<script>cheap bags</script>",
        '<i a="<!--<b>cheap bags">',
        "ch<b></b>eap <span>ba</span>gs",
        "cheap&nbsp;bags",
    ],
)
def test_no_words_are_left_out(written: str) -> None:
    """What one reader or another shows is among the lines, or what is said aside."""
    shown = matrix_html.read(written)
    assert "cheap bags" in f"{shown.text} {shown.aside}".replace("\xa0", " ")


def test_what_is_said_aside_and_the_files_are_found() -> None:
    """What appears when somebody points at a word, and the pictures between the words."""
    shown = matrix_html.read(
        '<span data-mx-spoiler="why">x</span><img title="t" alt="a" src="mxc://h/1"><img src="h">'
    )
    assert (shown.aside, shown.files, shown.text) == (("why", "t", "a"), ("mxc://h/1",), "xa")


@pytest.mark.parametrize("digits", ["1" * 5000, "x" + "f" * 5000])
def test_a_character_of_any_number_raises_nothing(digits: str) -> None:
    """Python itself would refuse to read so long a number."""
    assert matrix_html.read(f"a &#{digits}; b").text == "a \ufffd b"


@pytest.mark.parametrize(
    "worst",
    [
        *(
            "<a ",
            "<a href=",
            '<a href="x">',
            "<",
            "<!--",
            "<!",
            "</",
            "<a <",
            "<a b='",
            '<a "',
            "&",
        ),
        *(
            "<a/",
            "<a =",
            "<pre>",
            "<!-->",
            "<a  ",
            "<p>",
            "</p",
            '<a b="<',
            "<?",
            "--!>",
            "&#1",
            " ",
        ),
        *("<a href=x>", "<mx-reply>", "<li>"),
    ],
)
def test_time_is_linear(worst: str) -> None:
    """The worst that fits into an event is read in a moment."""
    began = time.process_time()
    matrix_html.read(worst * (65_536 // len(worst)))
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/!-='\"& \nabhrefpli#x1;", max_size=80))
def test_nothing_raises(written: str) -> None:
    """Whatever is written."""
    matrix_html.read(written)
