"""What a decision keeps of its content beside the words: what it is made of, and what began it."""

from __future__ import annotations

from typing import Any

import pytest

from flow.small_community import NOW, event, line
from ombud import events, statements
from ombud.decisions import Decision, RuleVersion
from ombud.explain import ThrowAway
from ombud.signals.observation import Observation, kind_of
from test_statements import active

LONG = "Nobody should have to read such a thing at breakfast, said the baker to the whole street."
REPORTED = {"id": "post/9", "author": {"id": "ana"}}


def _seen(told: dict[str, Any]) -> Observation:
    happened = events.decode(line(told))
    kind = kind_of(happened)
    assert kind is not None
    return Observation(happened, kind, ThrowAway())


def _by_person(told: dict[str, Any], found: bool = False) -> Decision:
    rule = RuleVersion("bags", "v1") if found else None
    done = statements.ByPerson(
        "reviewer", "remove", "this", "spam.links", None, None, {}, found_by=rule
    )
    return statements.by_person(active(), done, _seen(told), NOW)


@pytest.mark.parametrize(
    ("kind", "fields", "made_of"),
    [
        ("post.created", {"text": "hello"}, ("text",)),
        ("post.created", {"text": ""}, ("text",)),
        ("post.created", {"text": "hello", "media": [{"type": "image/png"}]}, ("text", "image")),
        ("post.created", {"text": "", "media": [{"type": "Video/mp4"}]}, ("video",)),
        (
            "post.created",
            {"text": "", "media": [{"type": "audio/ogg"}, {"type": "x/y"}]},
            ("audio",),
        ),
        ("upload.created", {"text": "", "media": [{"type": "image/gif"}]}, ("image",)),
        ("upload.created", {"text": ""}, ()),
        ("account.created", {}, ()),
        ("flag.created", {"reported": REPORTED, "text": "look at this"}, ()),
    ],
)
def test_what_content_is_made_of(
    kind: str, fields: dict[str, Any], made_of: tuple[str, ...]
) -> None:
    """By what the event says of it; of what was flagged nobody knows more than its name."""
    told = event(1, type=kind, author={"id": "ana"}, **fields)
    assert statements.made_of(_seen(told)) == made_of


def test_the_language_of_the_content_is_kept() -> None:
    """Where it can be told; a flag's own words are not the content."""
    author = {"id": "ana"}
    assert _by_person(event(1, text=LONG, author=author)).content_lang == "en"
    assert _by_person(event(1, text="ok", author=author)).content_lang is None
    flag = event(1, type="flag.created", text=LONG, reported=REPORTED, reporter={"id": "bo"})
    assert _by_person(flag).content_lang is None


def test_a_trusted_flagger_is_one_by_the_role_the_platform_names() -> None:
    """And a member's flag is a member's, whatever it says."""
    flag: dict[str, Any] = {"type": "flag.created", "reported": REPORTED, "reason": "x"}
    member = event(1, **flag, reporter={"id": "bo", "roles": ["helper"]})
    trusted = event(1, **flag, reporter={"id": "hotline", "roles": ["x", "trusted-flagger"]})
    assert _by_person(member).origin == "flag"
    assert _by_person(event(1, **flag)).origin == "flag"
    assert _by_person(trusted).origin == "trusted flagger"
    assert _by_person(event(1, text="a", author={"id": "ana"})).origin == "own initiative"


def test_what_a_person_found_themselves_no_program_detected() -> None:
    """Automated detection is a rule's: not a member's flag, nor a look of the staff's."""
    post = event(1, text="a", author={"id": "ana"})
    assert _by_person(post, found=True).automated_detection
    assert not _by_person(post).automated_detection
    flag = event(1, type="flag.created", reported=REPORTED)
    assert not _by_person(flag, found=True).automated_detection
