"""What facts say about each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.model import Account, Before, Link, Media
from ombud.signals import implied
from ombud.signals.declare import SIGNALS
from rules.rules_made import seen

_ADDRESSES = (
    "http://a.example",
    "http://a.example/more",
    "http://b.a.example",
    "https://discord.gg/abcdef",
    "http://10.0.0.1/x",
    "http://xn--bcher-kva.example",
    "http://p\u0430ypal.example",
)
_PRIVATE = ("ring 0912 345 678", "write to ana.lopez@mail.example", "4111 1111 1111 1111", "")
_links = st.lists(st.sampled_from(_ADDRESSES), max_size=4)
_texts = st.builds(lambda links, more: " ".join([*links, more]), _links, st.sampled_from(_PRIVATE))


@given(
    st.none() | _texts,
    _links.map(lambda urls: tuple(map(Link, urls))),
    st.none() | _links.map(lambda urls: tuple(map(Link, urls))),
    st.lists(st.sampled_from("ab"), max_size=3),
    st.integers(0, 2),
)
def test_what_is_declared_holds_for_every_event(
    text: str | None,
    links: tuple[Link, ...],
    before: tuple[Link, ...] | None,
    mentioned: list[str],
    files: int,
) -> None:
    """Of every pair whose facts are both known."""
    event = seen(
        "edit",
        text=text,
        links=links,
        before=None if before is None else Before(links=before),
        mentions=tuple(map(Account, mentioned)),
        media=tuple(Media() for _ in range(files)),
    )
    values = {name: SIGNALS[name].compute(event) for name in implied.NAMES}
    for pairs, holds in (
        (implied.NEVER_MORE, lambda one, other: one <= other),
        (implied.NEVER_ALONE, lambda one, other: bool(other) or not one),
    ):
        for one, other in pairs:
            if values[one] is not None and values[other] is not None:
                assert holds(values[one], values[other]), (one, other, values)


def test_what_follows_from_several_pairs_is_told_too() -> None:
    """An invitation is a link, and where there is a link there is any."""
    assert ("links.invites", "links.any") in implied.NEVER_ALONE
    assert ("links.disguised", "links.count") in implied.NEVER_MORE
