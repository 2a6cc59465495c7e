"""Invitations are known by service and code, whatever the address around them."""

from __future__ import annotations

import pytest

from ombud.signals import invitations, links


def told(text: str) -> tuple[str, ...]:
    """The invitations in a text."""
    return invitations.invitations(links.addresses(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("discord.gg/AbC", "discord.gg AbC"),
        ("https://discord.com/invite/AbC?event=12", "discord.gg AbC"),
        ("http://www.discordapp.com/invite/AbC/", "discord.gg AbC"),
        ("https://t.me/+Ab_cd", "t.me Ab_cd"),
        ("https://telegram.me/joinchat/Ab_cd", "t.me Ab_cd"),
        ("https://telegram.dog/joinchat/Ab_cd?x=1#y", "t.me Ab_cd"),
        ("https://zalo.me/g/abc123", "zalo.me abc123"),
        ("https://chat.whatsapp.com/invite/Xy12", "chat.whatsapp.com Xy12"),
        ("https://chat.whatsapp.com/Xy12", "chat.whatsapp.com Xy12"),
        (
            "https://matrix.to/#/#hall:server.example?via=other.example",
            "matrix.to #hall:server.example",
        ),
        ("https://matrix.to/#/%23hall:server.example", "matrix.to #hall:server.example"),
        ("https://app.element.io/#/room/#hall:server.example", "matrix.to #hall:server.example"),
        ("https://signal.group/#CjQKIJ", "signal.group CjQKIJ"),
        ("https://invite.viber.com/?g2=AQx&lang=en", "invite.viber.com AQx"),
        ("https://join.slack.com/t/ws/shared_invite/zt-abc#/more", "join.slack.com zt-abc"),
        ("https://line.me/R/ti/g/ab", "line.me ab"),
        ("https://vk.me/join/xx==", "vk.me xx"),
    ],
)
def test_an_invitation_is_its_service_and_code(text: str, expected: str) -> None:
    """Hosts of one service, queries and ends of an address make no other invitation of it."""
    assert told(text) == (expected,)


def test_other_codes_and_services_are_other_invitations() -> None:
    """Case counts, as it does for the services; what is written twice is told once."""
    text = "discord.gg/abc discord.gg/ABC zalo.me/g/abc discord.com/invite/abc"
    assert told(text) == ("discord.gg abc", "discord.gg ABC", "zalo.me abc")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://discord.com/channels/1/2",
        "https://t.me/somebody",
        "https://a.example/invite/abc",
    ],
)
def test_what_does_not_invite_is_no_invitation(text: str) -> None:
    """Persons, channels and other sites have none."""
    assert told(text) == ()


def test_ten_thousand_invitations_in_one_post_are_bounded() -> None:
    """As many as addresses are read, and no code longer than is kept."""
    many = told(" ".join(f"discord.gg/{number:05}" for number in range(10_000)))
    assert len(many) == links.ADDRESSES_MAX
    (long,) = told("https://signal.group/#" + "x" * 3000)
    assert len(long) == len("signal.group ") + 200
