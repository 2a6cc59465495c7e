"""What every page has: its headers, its files, its language, and escaped values."""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

import pytest
from jinja2 import UndefinedError
from litestar.types import Message, Scope

from ombud.web import site as sites
from ombud.web import words
from ombud.web.site import HEADERS, Site, StaticFile, harden, query, static_files
from web.pretend_community import PretendCommunity


def hardened(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers of a response that had some already."""
    message = cast(Message, {"type": "http.response.start", "status": 200, "headers": headers})
    asyncio.run(harden(message, cast(Scope, {})))
    return dict(cast(Any, message)["headers"])


def test_every_response_gets_the_headers() -> None:
    """A response without headers has all of them afterwards."""
    assert hardened([]) == dict(HEADERS)


def test_a_response_may_set_its_own() -> None:
    """What a response says itself stands once, whatever its case."""
    found = hardened([(b"Cache-Control", b"max-age=60")])
    assert found[b"Cache-Control"] == b"max-age=60"
    assert b"cache-control" not in found
    assert len(found) == len(HEADERS)


def test_the_body_is_left_alone() -> None:
    """Only the start of a response has headers."""
    message = cast(Message, {"type": "http.response.body", "body": b"x"})
    asyncio.run(harden(message, cast(Scope, {})))
    assert message == {"type": "http.response.body", "body": b"x"}


def test_the_policy_lets_nothing_in() -> None:
    """No source outside this server is allowed anywhere, and no inline style or script."""
    for policy in (HEADERS[b"content-security-policy"].decode(), sites.POLICY_WITH_SCRIPT):
        directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
        assert directives["default-src"] == "'none'"
        assert directives["frame-ancestors"] == "'none'"
        assert directives["base-uri"] == "'none'"
        assert directives["form-action"] == "'self'"
        assert set(" ".join(directives.values()).split()) == {"'none'", "'self'"}
    assert "script-src" not in HEADERS[b"content-security-policy"].decode()


def test_static_files_are_those_of_the_package() -> None:
    """Style and script are there, by path, with a digest of their content."""
    files = static_files()
    assert files["ombud.css"].type == "text/css"
    assert files["live.js"].type == "text/javascript"
    assert all(re.fullmatch("[0-9a-f]{16}", file.digest) for file in files.values())
    assert isinstance(files["ombud.css"], StaticFile)


@pytest.mark.parametrize("name", ["ombud.css", "live.js"])
def test_style_and_script_name_no_other_server(name: str) -> None:
    """Our files load nothing: no address, no import."""
    text = static_files()[name].content.decode()
    assert not re.search(r"https?:|url\(|@import|//[a-z]+\.[a-z]", text)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"lang=vi&part=2", {"lang": "vi", "part": "2"}),
        (b"lang=vi&lang=en", {"lang": "vi"}),
        (b"", {}),
        (b"&".join(b"a=1" for _ in range(1000)), {}),
        (b"lang=%ff%fe&x=\xff", {"lang": "\ufffd\ufffd", "x": "ÿ"}),
    ],
)
def test_a_query_is_read_within_bounds(raw: bytes, found: dict[str, str]) -> None:
    """The first value of each name; a query of too many fields is no query."""
    assert query(cast(Scope, {"query_string": raw})) == found


def test_templates_escape_and_name_what_hides() -> None:
    """A value in any template is escaped, and what cannot be seen in it is named."""
    page = Site(PretendCommunity()).render(
        "index.html",
        "en",
        community="<i>\u202e\x00",
        staffed=False,
        here="/",
        languages=("en",),
        publishers=(),
    )
    assert b"<i>" not in page
    assert "&lt;i&gt;⟨U+202E⟩␀" in page.decode()


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    """A template that lacks a value fails in tests, it does not show an empty place."""
    site = Site(PretendCommunity())
    with pytest.raises(UndefinedError):
        site.render("index.html", "en", here="/", languages=("en",), publishers=())


def test_every_template_speaks_through_the_words() -> None:
    """No template has a sentence of its own: words stand in tags, expressions and commands only."""
    for path in (sites.HERE / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        rest = re.sub(
            r"<pre.*?</pre>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL
        )
        assert re.findall(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}", rest) == [], (path.name, rest)


def test_the_community_prefers_a_language() -> None:
    """Every spoken language can be read, the community's own first."""

    class Vietnamese(PretendCommunity):
        def languages(self) -> tuple[str, ...]:
            return ("vi",)

    assert Site(Vietnamese()).languages() == ("vi", "en")
    assert set(Site(PretendCommunity()).languages()) == set(words.LANGUAGE_NAMES)
