"""Platform keys: what each opens, and that only a digest of it is ever kept."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from ombud import access
from ombud.access import PlatformKey


def key(*sources: str, **more: object) -> PlatformKey:
    """A key of a platform."""
    return msgspec.convert({"name": "forum", "sources": list(sources), **more}, PlatformKey)


@pytest.mark.parametrize(
    ("pattern", "source", "covered"),
    [
        ("forum", "forum", True),
        ("forum", "forum/help", False),
        ("forum/help", "forum/help", True),
        ("forum/help", "forum/help/a", False),
        ("forum/*", "forum/help", True),
        ("forum/*", "forum/help/a", True),
        ("forum/*", "forum", False),
        ("forum/*", "forumx/a", False),
        ("forum/*", "Forum/a", False),
        ("forum/*", "xforum/a", False),
        ("forum.", "forumx", False),
    ],
)
def test_a_source_is_exact_or_a_beginning(pattern: str, source: str, covered: bool) -> None:
    """Only a pattern that ends in `/*` is a beginning, and then only of whole segments."""
    assert key(pattern).covers(source) is covered
    assert key("other/*", pattern).covers(source) is covered


def test_a_key_speaks_for_a_platform_only_with_all_of_it() -> None:
    """Reports and look-ups need the whole platform, not one of its rooms."""
    assert key("forum/*").speaks_for("forum")
    assert not key("forum").speaks_for("forum")
    assert not key("forum/help").speaks_for("forum")
    assert not key("forum/help/*").speaks_for("forum")
    assert not key("forum/*").speaks_for("for")
    assert not key("forum/*").speaks_for("")


def test_kinds_and_doors_are_those_named() -> None:
    """No kinds is every kind, an unjudged event is always taken; no doors named is all doors."""
    everything = key("forum/*")
    posts = key("forum/*", kinds=["post"], doors=["check"])
    assert everything.takes("flag")
    assert posts.takes("post")
    assert not posts.takes("reply")
    assert posts.takes(None)
    assert [everything.opens(door) for door in ("events", "check", "report")] == [True] * 3
    assert [posts.opens(door) for door in ("events", "check", "report", "")] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": []},
        {"sources": [""]},
        {"sources": ["*"]},
        {"sources": ["/*"]},
        {"sources": ["forum*"]},
        {"sources": ["forum/he*"]},
        {"sources": ["forum/*/*"]},
        {"sources": ["*/help"]},
        {"sources": ["forum/*\n"]},
        {"sources": ["x" * 256]},
        {"sources": ["a"] * 65},
        {"name": ""},
        {"name": "../x"},
        {"name": "a b"},
        {"name": "-a"},
        {"name": "a\n"},
        {"doors": []},
        {"doors": ["console"]},
        {"kinds": ["post"] * 17},
    ],
)
def test_grants_are_bounded(wrong: dict[str, object]) -> None:
    """A key for nothing, for too much or with a name that is none is refused."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "forum", "sources": ["forum/*"], **wrong}, PlatformKey)


@pytest.mark.parametrize("name", ["Forum", "9gag", "a.B-c_9", "F" * 100])
def test_a_key_is_called_as_a_source_may_begin(name: str) -> None:
    """Capital letters too: a platform is called as its events' sources begin."""
    assert key(f"{name}/*", name=name).speaks_for(name)


def test_a_key_is_drawn_and_only_its_digest_kept() -> None:
    """256 bits behind a prefix; the digest is SHA-256, and any text at all has one."""
    drawn = {access.new_key() for _ in range(50)}
    assert len({made for made, _ in drawn}) == 50
    for made, digest in drawn:
        assert made.startswith(access.PREFIX)
        assert len(made) - len(access.PREFIX) >= 43  # 32 bytes in base64
        assert digest == access.digest(made) == hashlib.sha256(made.encode()).digest()
        assert len(made) <= access.KEY_LENGTH_MAX
    assert access.digest("\udcff") != access.digest("")
