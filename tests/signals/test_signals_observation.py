"""One event as signals see it: each view made once, nobody linked across platforms."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ombud.clock import from_datetime
from ombud.model import (
    KIND_OF_TYPE,
    KINDS,
    Account,
    Before,
    Data,
    Event,
    Link,
    Reply,
    Reported,
    Room,
    Server,
)
from ombud.signals import links, observation, views
from ombud.signals.observation import Observation, age, combine, kind_of, lazy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class WordTokens:
    """Tokens by a table that grows: two values never share one, and every call is noted."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], int] = {}
        self.asked: list[tuple[str, ...]] = []

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return self._of("account", platform, account)

    def of(self, space: str, value: str) -> int:
        """The token of a value."""
        return self._of(space, value)

    def _of(self, *words: str) -> int:
        self.asked.append(words)
        return self.known.setdefault(words, len(self.known) + 1)


TOKENS = WordTokens()


def observed(data: Data, source: str = "forum/a", tokens: WordTokens = TOKENS) -> Observation:
    """The observation of a post."""
    event = Event(id="1", source=source, type="post.created", time=NOON, data=data)
    return Observation(event, kind_of(event) or "", tokens)


ANA, BO = Account("ana"), Account("bo")
WHOLE = Data(
    author=ANA,
    text="Look at http://a.example and http://x.b.example",
    room=Room("hall"),
    server=Server("S.Example"),
    in_reply_to=Reply("p", author=BO),
    links=(Link("http://c.example", "c.example"),),
    before=Before(text="http://a.example"),
)
LAZY = sorted(name for name, each in vars(Observation).items() if isinstance(each, lazy))


@pytest.mark.parametrize(
    ("module", "function"),
    [
        (views, "normalise"),
        (views, "fold"),
        (views, "skeleton"),
        (views, "content"),
        (links, "addresses"),
        (links, "misleads"),
    ],
)
def test_each_view_is_made_once(
    module: Any, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often an event is looked at, its text is read once for each view."""
    calls: Counter[tuple[Any, ...]] = Counter()
    real = getattr(module, function)

    def counting(*arguments: Any) -> Any:
        calls[arguments] += 1
        return real(*arguments)

    observing = SimpleNamespace(**{**vars(module), function: counting})
    monkeypatch.setattr(observation, module.__name__.rpartition(".")[2], observing)
    seen = observed(WHOLE)
    for _ in range(3):
        for name in LAZY:
            getattr(seen, name)
    assert calls
    assert set(calls.values()) == {1}


@pytest.mark.parametrize("name", LAZY)
def test_a_view_stays_the_same_object(name: str) -> None:
    """What was computed at the first look is given at the next, for this event and no other."""
    seen, other = observed(WHOLE), observed(Data())
    first = getattr(seen, name)
    assert getattr(seen, name) is first
    assert name not in vars(other)
    assert isinstance(getattr(Observation, name), lazy)


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    """An observation that nobody looks at costs no view and no token."""
    tokens = WordTokens()
    seen = observed(WHOLE, tokens=tokens)
    assert not set(vars(seen)) & set(LAZY)
    assert tokens.asked == []
    assert (seen.at, seen.past) == (0, None)


def test_each_key_is_asked_for_once() -> None:
    """The token of a person or place is stood once for an event."""
    tokens = WordTokens()
    seen = observed(WHOLE, tokens=tokens)
    for _ in range(3):
        for who in ("author", "target", "reporter", "room", "server"):
            seen.key(who)
    assert sorted(tokens.asked) == [
        ("account", "forum", "ana"),
        ("account", "forum", "bo"),
        ("room", "forum\0hall"),
        ("server", "s.example"),
    ]


@pytest.mark.parametrize("who", ["author", "target", "reporter", "subject.author", "room"])
def test_platforms_never_share_a_key(who: str) -> None:
    """One id on two platforms (the first part of the source) is two people, two rooms."""
    data = Data(
        author=ANA,
        room=Room("ana"),
        in_reply_to=Reply("p", author=ANA),
        reporter=ANA,
        reported=Reported("p", author=ANA),
    )
    here, beside = observed(data, "forum/a").key(who), observed(data, "forum/b/c").key(who)
    assert here is not None
    assert here == beside
    others = {observed(data, source).key(who) for source in ("chat/a", "forums/a", "a/forum", "f")}
    assert here not in others
    assert len(others) == 4


def test_ids_that_run_together_are_still_apart() -> None:
    """No account of one platform can be written so that it passes for one of another."""
    for first, second in (
        (("b/c", "a/x"), ("c", "a/b/x")),
        (("bc", "a"), ("c", "ab")),
        (("a", "b"), ("b", "a")),
    ):
        keys = {
            observed(Data(room=Room(id_)), source).key("room") for id_, source in (first, second)
        }
        assert len(keys) == 2


@pytest.mark.parametrize(
    ("type_", "data", "kind"),
    [
        ("post.created", Data(), "post"),
        ("post.created", Data(in_reply_to=Reply("p")), "reply"),
        ("post.edited", Data(), "edit"),
        ("post.edited", Data(in_reply_to=Reply("p")), "edit"),
        ("post.deleted", Data(), None),
        ("post.deleted", Data(in_reply_to=Reply("p")), None),
        ("account.created", Data(), "registration"),
        ("account.updated", Data(), "profile"),
        ("member.joined", Data(), "join"),
        ("upload.created", Data(), "upload"),
        ("member.invited", Data(), "invite"),
        ("room.created", Data(), "room"),
        ("flag.created", Data(in_reply_to=Reply("p")), "flag"),
    ],
)
def test_a_kind_for_every_type(type_: str, data: Data, kind: str | None) -> None:
    """Each type has its kind; a post that answers another is a reply; a deletion has none."""
    assert kind_of(Event(id="1", source="s", type=type_, time=NOON, data=data)) == kind
    assert type_ in KIND_OF_TYPE
    assert kind is None or kind in KINDS


def test_an_age_is_never_negative() -> None:
    """From creation to an instant, in microseconds; what was created later has no age yet."""
    at = from_datetime(NOON)
    assert age(NOON - timedelta(seconds=1), at) == 1_000_000
    assert age(NOON, at) == 0
    assert age(NOON + timedelta(days=1), at) == 0


def test_combined_keys_keep_their_order() -> None:
    """One token stays itself; of several, the order and each part count."""
    assert combine(7) == 7
    several = {combine(1, 2), combine(2, 1), combine(1, 3), combine(1, 2, 3), combine(1, 1)}
    assert len(several) == 5
    assert combine(1, 2) == combine(1, 2)
    assert all(0 <= each < 2**63 for each in several)
