"""What an address tells by its shape: IP addresses, disguised letters, invitations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import hosts, links


def host(written: str) -> str:
    """A host as browsers send it."""
    address = links.parse(f"http://{written}/")
    assert address is not None
    return address.host


@pytest.mark.parametrize("written", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[2001:db8::7]"])
def test_ip_addresses_are_seen_however_written(written: str) -> None:
    """A browser reads them all as addresses of machines."""
    assert hosts.is_ip(host(written))


@pytest.mark.parametrize("written", ["a.example", "1.2.3.example", "127.0.0.1.example"])
def test_names_are_no_ip_addresses(written: str) -> None:
    """A name with numbers is a name."""
    assert not hosts.is_ip(host(written))


@pytest.mark.parametrize(
    "written",
    [
        "pаypal.com",  # Cyrillic а among Latin letters
        "аррӏе.com",  # all Cyrillic, looks Latin
        "gοοgle.com",  # Greek omicrons
        "login.pаypal.example.com",
        "ехо.com",
        "привeт.example",  # one Latin letter
    ],
)
def test_letters_that_pass_for_others_are_a_disguise(written: str) -> None:
    """Mixed scripts, or a label that only looks Latin."""
    assert hosts.is_disguised(host(written))
    assert hosts.is_punycode(host(written))


@pytest.mark.parametrize(
    "written",
    [
        "bücher.example",
        "tiếngviệt.example",
        "æble.example",
        "straße.example",
        "пример.com",
        "сор.рф",
        "例え.example",
        "東京タワーtokyo.example",
        "한글.example",
        "中文.cn",
    ],
)
def test_honest_writing_is_no_disguise(written: str) -> None:
    """Latin letters with marks, other scripts by themselves, and scripts written together."""
    assert not hosts.is_disguised(host(written))
    assert hosts.is_punycode(host(written))


@pytest.mark.parametrize("written", ["paypal.com", "xn.example", "axn--b.example", "1.2.3.4"])
def test_plain_hosts_are_neither(written: str) -> None:
    """ASCII letters need no disguise."""
    assert not hosts.is_punycode(host(written))
    assert not hosts.is_disguised(host(written))


INVITATIONS = """
https://discord.gg/abc12 http://discord.com/invite/abc12 https://www.discordapp.com/invite/abc12
https://t.me/+AbC_d-12 https://t.me/joinchat/AbCd https://telegram.me/joinchat/AbCd
https://chat.whatsapp.com/AbCd12 https://zalo.me/g/abcd12
https://matrix.to/#/#room:matrix.example https://matrix.to/#/!room:matrix.example?via=x
https://matrix.to/#/%23room:matrix.example https://app.element.io/#/room/#a:matrix.example
https://signal.group/#CjQKIA https://line.me/R/ti/g/ab12 https://line.me/ti/g2/ab12
https://invite.viber.com/?g2=AQA https://join.skype.com/ab12 https://m.me/j/AbCd/
https://join.slack.com/t/team/shared_invite/zt-1
"""
OTHERS = """
https://discord.com/channels/1/2 https://discord.gg/ https://evil.example/discord.gg/abc
https://t.me/name https://t.me/+84912345678 https://t.me/s/name https://zalo.me/0912345678
https://matrix.to/#/@ana:matrix.example https://discord.gg.evil.example/abc
https://line.me/ https://m.me/ana https://notdiscord.gg/abc https://signal.group/
"""


@pytest.mark.parametrize("url", INVITATIONS.split())
def test_invitations_are_known_by_their_shape(url: str) -> None:
    """Addresses by which one joins."""
    address = links.parse(url)
    assert address is not None
    assert hosts.invites(address)


@pytest.mark.parametrize("url", OTHERS.split())
def test_other_addresses_do_not_invite(url: str) -> None:
    """People, channels, phone numbers, and sites that only hold the name."""
    address = links.parse(url)
    assert address is not None
    assert not hosts.invites(address)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_host_has_an_answer(written: str) -> None:
    """No address raises."""
    address = links.parse(f"http://{written}.example/{written}")
    if address is not None:
        assert hosts.is_disguised(address.host) in (True, False)
        assert hosts.invites(address) in (True, False)
