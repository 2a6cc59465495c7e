"""What a URL and an address may be: which places may be reached at all.

Pure: names are looked up in `sockets`. This module must never take an address for public because
it does not know it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ombud.errors import BadUse, catalogue

catalogue(
    U030=(
        "{network} is no address and no network.",
        'Write an address or a network: "127.0.0.1", "10.1.0.0/16", "fd12::/64".',
    ),
    U031=(
        "Nothing can be sent to this address: {reason}.",
        "Write a URL such as https://forum.example/ombud, without a user name or password.",
    ),
)

URL_LENGTH_MAX = 2000

# RFC 6890 and the registries it began (IANA, special-purpose addresses), written out because what
# `ipaddress` knows of them differs between releases of Python; and one cloud's metadata address
# that looks public.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291: all that IANA gives out
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: a URL taken apart. `host` is a name or an address without brackets."""

    secure: bool
    host: str
    port: int
    authority: str
    target: str


def place(url: str, where: str = "url") -> Place:
    """A URL taken apart as browsers do it, so that `http://0x7f.1` is 127.0.0.1.

    Raises BadUse U031 with `where`, and never repeats the URL: its path may be a secret.
    """
    import can_ada

    if len(url) > URL_LENGTH_MAX:
        raise BadUse("U031", where, reason=f"it is longer than {URL_LENGTH_MAX} characters")
    if not url.isprintable():
        raise BadUse("U031", where, reason="it holds a character that cannot be seen")
    try:
        read = can_ada.parse(url)
    except ValueError:
        raise BadUse("U031", where, reason="it is no URL") from None
    if read.protocol not in ("http:", "https:") or not read.hostname:
        raise BadUse("U031", where, reason="it is neither http nor https")
    if read.username or read.password:
        raise BadUse("U031", where, reason="it holds a user name or a password")
    secure = read.protocol == "https:"
    return Place(
        secure=secure,
        host=read.hostname.strip("[]"),
        port=int(read.port) if read.port else (443 if secure else 80),
        authority=read.host,
        target=read.pathname + read.search,
    )


def networks(allow: Iterable[str], where: str = "allow") -> tuple[Network, ...]:
    """The networks an operator named. Raises BadUse U030, also for `10.1.2.3/16`."""
    found: list[Network] = []
    for each in allow:
        try:
            found.append(ipaddress.ip_network(each))
        except ValueError:
            raise BadUse("U030", where, network=repr(each)[:100]) from None
    return tuple(found)


def permitted(address: Address, allow: Sequence[Network] = ()) -> bool:
    """Whether a connection may go to an address: it, and the IPv4 address it stands for, is public
    or named.
    """
    return all(
        _public(each) or any(each in network for network in allow) for each in _reached(address)
    )


def _reached(address: Address) -> tuple[Address, ...]:
    """What a packet to this address may reach: itself, or an IPv4 address that is inside it."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    if address.sixtofour is not None:
        return (address, address.sixtofour)
    if address.teredo is not None:
        return (address, *address.teredo)
    return (address,)


def _public(address: Address) -> bool:
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in NOT_PUBLIC)
