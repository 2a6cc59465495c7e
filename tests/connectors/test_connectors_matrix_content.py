"""A content is read with all that it shows, and an honest one no louder than it is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import matrix_bypasses as bypasses
from connectors.matrix_bypasses import BAGS, LINK, POLL, edit, formatted, text
from ombud.connectors.matrix_content import said
from ombud.model import LINKS_MAX
from ombud.signals import links, views

SHOWN = {
    **bypasses.in_messages("$one"),
    **{f"poll: {k}": v for k, v in bypasses.in_polls("$one").items()},
}


@pytest.mark.parametrize("name", SHOWN)
def test_whatever_is_shown_is_read(name: str) -> None:
    """As the words of a rule meet it: one beside the other."""
    assert f" {BAGS}" in f" {views.normalise(said(SHOWN[name]).text)}"


@pytest.mark.parametrize("name", bypasses.in_topics())
def test_a_topic_is_read_in_every_form(name: str) -> None:
    """Of the old one and the new one, whichever a client shows."""
    content = bypasses.in_topics()[name]
    assert BAGS in said({"body": content["topic"], **content}).text


@pytest.mark.parametrize("name", bypasses.with_links())
def test_wherever_a_link_leads_is_read(name: str) -> None:
    """In the text or in the list, as an address on the web."""
    found = said(bypasses.with_links()[name])
    hosts = {each.host for each in links.addresses(found.text, tuple(u for u, _ in found.links))}
    assert hosts & {"evil.example", "matrix.to.evil.example"}


PILL = '<a href="https://matrix.to/#/@bo:far.example">Bo</a>'
CODE = '<pre><code class="language-python">x = 1\n\ny = "*"\n</code></pre>'
HONEST = [
    text("good morning"),
    text("a\n\n  b  "),
    text("a * b > c, 5 < 6 & 1. no list"),
    text("> that is quoted\nand answered"),
    formatted("Bo: hello", f"{PILL}: hello"),
    formatted("@room tea is ready 🫖🎉", "@room tea is ready 🫖🎉"),
    formatted(":cat: so", '<img data-mx-emoticon src="mxc://h/1" alt=":cat:" title=":cat:"> so'),
    formatted("a & b", "a &amp; b"),
    formatted("one\ntwo\n\nthree", "<p>one<br />\ntwo</p>\n<p>three</p>\n"),
    formatted("- a\n- b c\n- d", "<ul>\n<li>a</li>\n<li>b c</li>\n<li>d</li>\n</ul>\n"),
    formatted("to do:\n1. a\n2. b", "<p>to do:</p>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
    formatted("> he said so\n\nno", "<blockquote>\n<p>he said so</p>\n</blockquote>\n<p>no</p>\n"),
    formatted("# Rules\nbe kind", "<h1>Rules</h1>\n<p>be kind</p>\n"),
    formatted('look:\n```python\nx = 1\n\ny = "*"\n```', f"<p>look:</p>\n{CODE}"),
    formatted("```\nls -l\n```", "<pre><code>ls -l\n</code></pre>\n"),
    formatted(
        "see https://a.example/x_y_z",
        'see <a href="https://a.example/x_y_z">https://a.example/x_y_z</a>',
    ),
    formatted("it is hidden", "<span data-mx-spoiler>it is hidden</span>"),
    {"msgtype": "m.image", "body": "cat.png", "filename": "cat.png", "url": "mxc://h/1"},
    {
        "msgtype": "m.image",
        "body": "cat.png",
        "url": "mxc://h/1",
        "info": {"mimetype": "image/png"},
    },
    {**text("Voice message"), "msgtype": "m.audio", "org.matrix.msc1767.text": "Voice message"},
    {"msgtype": "m.emote", "body": "waves"},
]


@pytest.mark.parametrize("number", range(len(HONEST)))
def test_an_honest_message_says_what_it_said(number: int) -> None:
    """Its text is its plain text, to the letter, as most clients write it."""
    content = HONEST[number]
    assert said(content).text == content["body"]
    outer: dict[str, Any] = {
        key: f"* {content[key]}" for key in ("body", "formatted_body") if key in content
    }
    assert said(edit(content, "$one", {**content, **outer})).text == content["body"]


@pytest.mark.parametrize(
    ("body", "written", "read"),
    [
        ("**hi** all", "<strong>hi</strong> all", "hi all"),
        (
            "run `make`, *then* ~~wait~~",
            "run <code>make</code>, <em>then</em> <del>wait</del>",
            None,
        ),
        (
            "see [this page](https://a.example/b)!",
            'see <a href="https://a.example/b">this page</a>!',
            None,
        ),
        (r"2 \* 3", "2 * 3", None),
        ("- **a**\n- b", "<ul><li><strong>a</strong></li><li>b</li></ul>", "a\nb"),
        ("[Bo](https://matrix.to/#/@bo:far.example) hi", f"{PILL} hi", "Bo hi"),
    ],
)
def test_markdown_is_read_as_it_is_shown(body: str, written: str, read: str | None) -> None:
    """Once, without its signs: never longer than it was."""
    found = said(formatted(body, written))
    assert len(found.text) < len(body)
    assert "\n" not in found.text or read is not None
    assert read in (None, found.text)


def test_a_word_that_a_sign_parts_is_not_lost_in_a_longer_one() -> None:
    """Whoever is shown the plain text reads it, though the formatted one has it as one word."""
    assert "*cheap bags" in said(formatted("ab*cheap bags", "abcheap bags")).text
    assert "<cheap bags" in said(formatted("ab*<cheap bags", "abcheap bags")).text


def test_an_honest_poll_says_what_it_said() -> None:
    """Question and answers once, though other clients are given them again, numbered."""
    old = "org.matrix.msc1767.text"
    poll = {"question": {old: "Which?", "body": "Which?"}, "answers": [{old: "tea"}, {old: "milk"}]}
    assert said({POLL: poll, old: "Which?\n1. tea\n2. milk"}).text == "Which?\ntea\nmilk"


def test_a_caption_and_its_file_are_both_read() -> None:
    """Both are shown."""
    content = {"msgtype": "m.file", "body": "for you", "filename": "a.pdf", "url": "mxc://h/1"}
    assert said(content).text == "for you\na.pdf"


def test_files_are_found_wherever_they_are_shown() -> None:
    """The file, its preview, one that is encrypted, and those between the words."""
    info = {"thumbnail_url": "mxc://h/2", "thumbnail_file": {"url": "mxc://h/3"}}
    content = {**formatted("x", 'x<img src="mxc://h/5">'), "url": "mxc://h/1", "info": info}
    found = said({**content, "file": {"url": "mxc://h/4"}})
    assert sorted(found.files) == [f"mxc://h/{number}" for number in range(1, 6)]
    assert found.files[0] == "mxc://h/1"
    items = [{"url": "mxc://h/6"}, {"file": {"url": "mxc://h/7"}}]
    more = said({**content, "itemtypes": items, "x.y": [{"z": "mxc://h/8"}]}).files
    assert {f"mxc://h/{number}" for number in (1, 2, 3, 5, 6, 7, 8)} == set(more)
    assert not said(text("hi", **{bypasses.PROFILE: {"avatar_url": "mxc://h/1"}})).files


QUOTE = "> <@bo:far.example> cheap bags\n> today\n\nno thanks"
HTML = (
    '<mx-reply><blockquote><a href="https://matrix.to/#/!r/$0">In reply to</a> '
    '<a href="https://matrix.to/#/@bo:far.example">@bo:far.example</a><br>{}</blockquote>'
    "</mx-reply>"
    "no <b>thanks</b>"
)


@pytest.mark.parametrize(
    ("answered", "written", "read"),
    [
        ("cheap bags\ntoday", "cheap bags<br>today", "no thanks"),
        ("cheap bags", "cheap bags<br>today", QUOTE),
        ("cheap bags\ntoday", "expensive bags", "expensive bags"),
        (None, "cheap bags<br>today", "cheap bags"),
    ],
)
def test_a_quoted_block_is_left_out_if_it_repeats_what_is_answered(
    answered: str | None, written: str, read: str
) -> None:
    """Word for word, and only where that is known; else it is read as its author's."""
    repeats = None if answered is None else views.normalise(answered).__eq__
    found = said(formatted(QUOTE, HTML.format(written)), repeats).text
    assert read in found
    assert (found == "no thanks") is (read == "no thanks")


def test_comparing_takes_linear_time() -> None:
    """The worst that fits into an event is read in a moment."""
    for worst in ("*a ", "[a](b) ", "> ", "- ", "1. ", "](", "\\", "a\n", "> <@", "*"):
        many = worst * (30_000 // len(worst))
        began = time.process_time()
        said(formatted(many, many.replace("*", "<br>")), many.__eq__)
        assert time.process_time() - began < 5, worst


def test_no_link_hides_behind_many_others() -> None:
    """What is more than are taken as links is read as text: where it leads is judged all the
    same.
    """
    many = "".join(f'<a href="https://a.example/{n}">x</a> ' for n in range(LINKS_MAX))
    found = said(formatted("x", f'{many}<a href="{LINK}">here</a>'))
    assert len(found.links) == LINKS_MAX
    assert LINK in found.text.split()


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_KEYS = (
    *("body", "formatted_body", "filename", "m.new_content", "m.text", "m.poll", POLL, "m.topic"),
    *("itemtypes", bypasses.PROFILE, bypasses.PREVIEWS, "geo_uri"),
    *("org.matrix.msc1767.text", "org.matrix.msc1767.html", "info", "file", "m.location", "url"),
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _anything))
def test_nothing_that_is_sent_raises(content: dict[str, Any]) -> None:
    """Whatever stands in a content."""
    found = said(content, "".__eq__)
    assert len(found.text.encode()) >= len(found.text)
