"""The signals about what was said, over whole events: values, unknowns, and what they rest on."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import ombud.signals.text  # noqa: F401 -- importing declares
from ombud.clock import DAY, from_datetime
from ombud.model import Account, Before, Data, Event, Link, Media, Reply, Room, Value
from ombud.signals.declare import SIGNALS, TEXT_KINDS
from ombud.signals.observation import Observation, kind_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class PlainTokens:
    """Tokens without a secret: enough to tell values apart."""

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return self.of("account", f"{platform}\0{account}")

    def of(self, space: str, value: str) -> int:
        """The token of a value in a name space."""
        digest = hashlib.sha256(f"{space}\0{value}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:7], "big")


def observed(data: Data, type: str = "post.created") -> Observation:  # noqa: A002
    """The observation of one event."""
    event = Event(id="1", source="forum/a", type=type, time=NOON, data=data)
    seen = Observation(event, kind_of(event) or "", PlainTokens())
    seen.at = from_datetime(NOON)
    return seen


def value(name: str, data: Data, type: str = "post.created") -> Value:  # noqa: A002
    """The value of a signal for one event."""
    return SIGNALS[name].compute(observed(data, type))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("text", Data(text="Hi There"), "Hi There"),
        ("text", Data(), None),
        ("text.length", Data(text="Chào"), 4),
        ("text.length", Data(text=""), 0),
        ("text.length", Data(), None),
        (
            "links",
            Data(text="http://a.example/1 http://a.example/2 b.example"),
            ("a.example", "b.example"),
        ),
        ("links", Data(text="none"), ()),
        ("links", Data(), None),
        ("links", Data(links=()), ()),
        ("links.count", Data(text="http://a.example/1 http://a.example/2"), 2),
        ("links.ip", Data(text="http://0x7f.1/a and http://a.example"), True),
        ("links.ip", Data(text="http://a.example"), False),
        ("links.ip", Data(), None),
        ("links.punycode", Data(text="http://bücher.example http://bücher.example/2"), 1),
        ("links.punycode", Data(text="http://a.example"), 0),
        ("links.punycode", Data(), None),
        ("links.disguised", Data(text="http://a.example http://pаypal.example"), True),
        ("links.disguised", Data(text="http://bücher.example"), False),
        ("links.disguised", Data(), None),
        ("links.invites", Data(text="discord.gg/ab1 https://t.me/+ab1 t.me/ana"), 2),
        ("links.invites", Data(), None),
        ("links.count", Data(text="x", links=(Link("http://a.example"),)), 1),
        ("links.count", Data(links=(Link("http://a.example"), Link("mailto:a@b.example"))), 1),
        ("links.count", Data(text="http://a.example", links=(Link("http://a.example/"),)), 1),
        ("links.count", Data(), None),
        ("links.domains", Data(text="http://x.a.example http://y.a.example http://b.example"), 2),
        ("links.domains", Data(), None),
        ("links.any", Data(text="see a.example"), True),
        ("links.any", Data(text="see a"), False),
        ("links.any", Data(), None),
        ("links.misleading", Data(links=(Link("http://a.example", "b.example"),)), True),
        ("links.misleading", Data(links=(Link("http://a.example", "a.example"),)), False),
        ("links.misleading", Data(links=(Link("http://a.example"),)), False),
        ("links.misleading", Data(links=(Link("https://bit.ly/x", "a.example"),)), None),
        (
            "links.misleading",
            Data(links=(Link("https://bit.ly/x", "a.example"), Link("http://a.example", "b.com"))),
            True,
        ),
        ("links.misleading", Data(links=()), False),
        ("links.misleading", Data(text="http://a.example"), None),
        ("links.misleading", Data(text="x a.example y"), None),
        ("links.misleading", Data(text="good morning. How are you?"), False),
        ("links.misleading", Data(text=""), False),
        ("links.misleading", Data(), None),
        ("mentions.count", Data(mentions=(Account("a"), Account("b"), Account("a"))), 2),
        ("mentions.count", Data(mentions=()), 0),
        ("mentions.count", Data(), None),
        ("mentions.any", Data(mentions=(Account("a"),)), True),
        ("mentions.any", Data(mentions=()), False),
        ("mentions.any", Data(), None),
        ("media.count", Data(media=(Media("m1"), Media("m2"))), 2),
        ("media.count", Data(), None),
        ("media.any", Data(media=(Media("m1"),)), True),
        ("media.any", Data(media=()), False),
        ("media.any", Data(), None),
    ],
)
def test_a_signal_tells_what_the_event_says(name: str, data: Data, expected: Value) -> None:
    """Each signal has the value the event gives it, and is unknown where the event says nothing."""
    got = value(name, data)
    assert got == expected
    assert type(got) is type(expected)


def test_the_links_before_an_edit_are_counted_apart() -> None:
    """An edit's old links are those of `before`, unknown where that is not given."""
    edited = Data(text="http://a.example http://b.example", before=Before(text="http://a.example"))
    assert value("before.links.count", edited, "post.edited") == 1
    assert value("links.count", edited, "post.edited") == 2
    linked = Data(
        text="x", before=Before(links=(Link("http://a.example"), Link("http://b.example")))
    )
    assert value("before.links.count", linked, "post.edited") == 2
    assert value("before.links.count", Data(text="x", before=Before()), "post.edited") is None
    assert value("before.links.count", Data(text="x"), "post.edited") is None


def test_text_tokens_are_equal_for_the_same_text() -> None:
    """Texts that differ in case, digits, punctuation or look-alike letters have one token."""
    first = observed(Data(text="Buy cheap bags today at my shop 1")).text_token
    assert first is not None
    assert observed(Data(text="BUY cheаp bags today, at my shop 22!")).text_token == first
    assert observed(Data(text="Buy cheap shoes today at my shop")).text_token != first
    assert observed(Data(text="+1")).text_token is None
    assert observed(Data(text="")).text_token is None
    assert observed(Data()).text_token is None


def test_domain_tokens_stand_for_sites() -> None:
    """Two hosts of one site have one token; without links there is none."""
    one = observed(Data(text="http://x.a.example")).domain_tokens
    assert one == observed(Data(text="http://y.a.example/z")).domain_tokens
    assert one != observed(Data(text="http://b.example")).domain_tokens
    assert observed(Data(text="none")).domain_tokens == ()
    assert observed(Data()).domain_tokens is None


def test_views_of_an_event_are_made_from_its_text() -> None:
    """The views are those of `views`, unknown without a text and empty for an empty one."""
    seen = observed(Data(text="Ｃhó PаyPаl"))
    assert (seen.normal, seen.folded) == ("chó pаypаl", "cho pаypаl")
    assert seen.skeleton == "cho\u0301 paypal"
    nothing = observed(Data())
    assert (nothing.normal, nothing.folded, nothing.skeleton) == (None, None, None)
    empty = observed(Data(text=""))
    assert (empty.normal, empty.folded, empty.skeleton) == ("", "", "")


@pytest.mark.parametrize(
    "text", ["\ud800 http://a.example", "\x00" * 100, "http://\ud800.example", "\u202e" * 9]
)
def test_no_text_makes_a_signal_fail(text: str) -> None:
    """Every signal of this module has an answer for texts that are not well formed."""
    data = Data(text=text, links=(Link(text, text),), before=Before(text=text))
    for name, declared in SIGNALS.items():
        if declared.kinds == TEXT_KINDS or name.startswith("before."):
            declared.compute(observed(data, "post.edited"))


def test_every_signal_is_meant_in_both_languages() -> None:
    """Each declaration has its meaning in English and Vietnamese, a sentence with a full stop."""
    for declared in SIGNALS.values():
        assert set(declared.meaning) == {"en", "vi"}
        assert all(
            meaning.endswith(".") and "{" not in meaning for meaning in declared.meaning.values()
        )


def test_a_reply_is_told_from_a_post() -> None:
    """A post that answers another is a reply; a deleted post has no kind."""
    reply = Data(text="x", in_reply_to=Reply("p1"), room=Room("r"))
    assert observed(reply).kind == "reply"
    assert observed(Data(text="x")).kind == "post"
    assert observed(Data(), "post.deleted").kind == ""


def edit(text: str | None, before: str | None, **more: Any) -> Data:
    """An edited post."""
    return Data(text=text, before=Before(text=before, **more))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("before.links", edit("x", "http://a.example/1 http://a.example/2"), ("a.example",)),
        ("before.links", edit("x", "none"), ()),
        ("before.links.any", edit("http://a.example", "none"), False),
        ("before.links.any", edit("none", "http://a.example"), True),
        ("before.text.length", edit("longer", "two"), 3),
        ("links.added", edit("http://a.example/2 http://b.example", "http://a.example/1"), 1),
        ("links.added", edit("http://a.example http://b.example/1 b.example/2", ""), 3),
        ("links.added", edit("none", "http://a.example"), 0),
        ("before.age", edit("x", "y", time=NOON - timedelta(days=3)), 3 * DAY),
        ("before.age", edit("x", "y", time=NOON + timedelta(days=3)), 0),
    ],
)
def test_what_a_post_was_before_it_was_edited(name: str, data: Data, expected: Value) -> None:
    """Read from what the platform tells of the post before the edit, and from nothing else."""
    assert value(name, data, "post.edited") == expected


@pytest.mark.parametrize(
    "name",
    ["before.links", "before.links.any", "before.text.length", "links.added", "before.age"],
)
@pytest.mark.parametrize("data", [Data(text="http://a.example"), edit("http://a.example", None)])
def test_what_is_not_told_of_the_post_before_is_unknown(name: str, data: Data) -> None:
    """No `before`, or one without the field: unknown, never none."""
    assert value(name, data, "post.edited") is None
