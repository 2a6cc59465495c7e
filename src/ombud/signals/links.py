"""Web addresses: found in text, read as a browser reads them (WHATWG), with their site.

What counts as an address in running text:

- what begins with http:// or https://, in any case, also as `hxxp`;
- a bare name such as `example.com` whose ending is a known public suffix (or one of RFC 2606's and
  7686's: `example`, `onion`), if it starts with `www.`, or is followed by a path, query or port, or
  has a suffix of two parts (`com.vn`, `github.io`), or ends in one of WELL_KNOWN. `readme.md`,
  `e.g.this` and "done.It is" are therefore no addresses, `example.md/page` is one;
- also with dots in brackets (`example[.]com`), with dots that only look like dots (U+2024, U+FF0E),
  with invisible characters or full-width letters in it (NFKC).

Never addresses: mail addresses, handles (`@ana@social.example`), paths (`src/app.py`), versions,
prices and times. Bare IP addresses need a path or a port. Time is linear in the text.
This module must never look anything up: neither in the DNS nor on the web.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from ombud.signals import same_site, views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publicsuffixlist import PublicSuffixList

ADDRESSES_MAX = 256
URL_MAX = 4096  # characters of one address that are read
SHOWN_WORDS = 8  # of a link's text that names a site; a headline has more
HOST_MAX = 253  # characters of a name in the DNS

# Endings that are addresses on their own. Not here: country codes and endings that are words
# ("it", "is", "in", "me", "so", "to", "live", "page"), units ("ml") or file endings ("py", "md").
_ENDINGS = """
com net org info biz edu gov mil io ai app dev xyz top shop store online site website club vip bet
casino poker loan click icu buzz wiki blog cloud tv gg ly cc ws tk ga cf gq de fr uk eu nl ch dk fi
cz hu gr ru ua kz cn jp kr hk tw sg th vn ph au nz br mx cl za ng ke
"""
WELL_KNOWN = frozenset(_ENDINGS.split())
_RESERVED = frozenset({"example", "onion"})  # no public suffixes, yet names of sites

_DOT_INSIDE = re.compile(r"\.[^\s.]")
_DEFANGED_DOT = re.compile(r"(?i)\x20?[\[({](?:\.|dot|:|://)[\])}]\x20?")
_DOT_LIKE = re.compile("[\u2024\u3002\uff0e\uff61\ufe52\uff0f]")
_DOT_WORD = re.compile(r"(?i)[\[({]dot[\])}]")
_FULL_STOP = re.compile("(?<=[A-Za-z0-9-])\u3002(?=[A-Za-z0-9])")
_TOKEN = re.compile(r"[^\s<>\"`{}|\\^，、；：！？（）【】《》「」『』“”‘’«»]+")
_SCHEME = re.compile(r"(?i)(?<![=/?&%#:])h(?:tt|xx)p(s?)://")
_BARE = re.compile(
    r"(?<![\w@.\-/])((?:[\w-]{1,63}\.){1,32}[\w-]{1,63})(?![\w\-@]|\.\w)"
    r"(:\d{1,5}(?!\d))?([/?#]\S*)?"
)
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_WORD = re.compile(r"\S*\w\S*")
_TRAILING = ".,;:!?'*_~…)]>·"


class Address(NamedTuple):
    """One web address: as a browser writes it, its host (punycode, lower case), its site."""

    url: str
    host: str
    domain: str


def addresses(text: str, given: tuple[str, ...] = ()) -> tuple[Address, ...]:
    """The distinct addresses in `text`, then those of `given`; at most ADDRESSES_MAX."""
    if not given and not may_hold(text):
        return ()
    found: dict[Address, None] = {}
    for each in given[:ADDRESSES_MAX]:
        address = parse(each)
        if address is not None:
            found[address] = None
    if may_hold(text):
        for url in _in_text(text):
            address = _parsed(url)
            if address is not None:
                found[address] = None
            if len(found) >= ADDRESSES_MAX:
                break
    return tuple(found)[:ADDRESSES_MAX]


def parse(url: str) -> Address | None:
    """The address a link leads to; None for what is no web address (mail, relative paths)."""
    url = url.strip()[:URL_MAX]
    if "://" not in url:
        if url.startswith("//"):
            url = "https:" + url
        elif _BARE.fullmatch(url):
            url = "http://" + url
    return _parsed(url)


def misleads(url: str, shown: str) -> bool | None:
    """Whether `shown` names a site, and `url` leads to another one. None where that cannot be
    known: behind a shortener on either side, and where the text names several sites, or is longer
    than SHOWN_WORDS and so may tell of a site rather than be one.
    """
    leads = parse(url)
    if leads is None:
        return False
    said = addresses(shown[:URL_MAX])
    if not said or any(same_site.same(each.domain, leads.domain) for each in said):
        return False
    if any(same_site.leads_anywhere(each.host, each.domain) for each in (*said, leads)):
        return None
    one = len({each.domain for each in said}) == 1
    return True if one and len(_WORD.findall(shown[:URL_MAX])) <= SHOWN_WORDS else None


def may_hold(text: str) -> bool:
    """A quick look: most posts hold no address. What it denies of a text, it denies of any part."""
    if "://" in text or _DOT_INSIDE.search(text) is not None:
        return True
    if ("[" in text or "(" in text or "{" in text) and _DOT_WORD.search(text) is not None:
        return True
    return not text.isascii() and _DOT_LIKE.search(text) is not None


def domain(host: str) -> str:
    """The registrable domain of a host: the site. An IP address, or a public suffix, is its own."""
    return _domain(host)


def readable(host: str) -> str:
    """A host in letters: `xn--bcher-kva.example` as `bücher.example`."""
    if "xn--" not in host:
        return host
    import can_ada

    # its type stub says str, the function takes bytes
    return can_ada.idna_decode(host.encode()) or host  # type: ignore[arg-type]


@functools.cache
def table_digest() -> str:
    """SHA-256 (hex) of the public suffix list in use: part of the config."""
    return hashlib.sha256(_suffix_list()).hexdigest()


# --- finding -------------------------------------------------------------------------------------


def _in_text(text: str) -> Iterator[str]:
    """The addresses as written, each with a scheme."""
    if not text.isascii():
        text = _FULL_STOP.sub(".", views.compose(text)).replace("\u3002", " ")
    if "[" in text or "(" in text or "{" in text:
        text = _DEFANGED_DOT.sub(lambda dot: ":" if ":" in dot.group() else ".", text)
    candidates = [word for word in dict.fromkeys(text.split()) if "." in word or "://" in word]
    for token in _TOKEN.findall(" ".join(candidates)):
        starts = list(_SCHEME.finditer(token)) if "://" in token else []
        yield from _bare(token[: starts[0].start()] if starts else token)
        for at, start in enumerate(starts):
            end = starts[at + 1].start() if at + 1 < len(starts) else len(token)
            rest = _trimmed(token[start.end() : min(end, start.end() + URL_MAX)])
            if rest:
                yield f"http{start.group(1).lower()}://{rest}"


def _bare(token: str) -> Iterator[str]:
    """Names without a scheme that count as addresses; the rule stands in the module's docstring."""
    if "." not in token or (token[0] in "@#!$" and ":" in token):  # "@ana:matrix.example"
        return
    for found in _BARE.finditer(token):
        name, port, path = found.groups()
        if name.rpartition(".")[2].istitle() and not name.istitle():  # "done.At last"
            continue
        if _counts(name.lower(), bool(port) or bool(path)):
            yield "http://" + _trimmed(name + (port or "") + (path or ""))[:URL_MAX]


@functools.lru_cache(maxsize=16_384)
def _counts(name: str, more: bool) -> bool:
    """Whether a bare name is an address; `more` says that a path or a port follows."""
    if len(name) > HOST_MAX:
        return False
    if _IP.fullmatch(name):
        return more
    ending = name.rpartition(".")[2]
    if not ending.isascii() or ending.isdigit():
        return False
    if ending in _RESERVED:
        return True
    suffix = _suffixes().publicsuffix(name, accept_unknown=False)
    if suffix is None or suffix == name:
        return False
    return more or ending in WELL_KNOWN or "." in suffix or name.startswith("www.")


def _trimmed(address: str) -> str:
    """An address without the punctuation of the sentence around it; balanced brackets stay."""
    kept = address.rstrip(_TRAILING)
    missing = kept.count("(") - kept.count(")")
    tail = address[len(kept) :]
    closing = len(tail) - len(tail.lstrip(")"))
    return kept + tail[: max(0, min(missing, closing))]


# --- reading -------------------------------------------------------------------------------------


def _parsed(url: str) -> Address | None:
    import can_ada

    try:
        read = can_ada.parse(url)
    except (ValueError, TypeError):  # no URL; a lone surrogate
        return None
    if read.protocol not in ("http:", "https:"):
        return None
    host = read.hostname.rstrip(".")
    if not host or len(host) > HOST_MAX:
        return None
    return Address(read.href, host, _domain(host))


@functools.lru_cache(maxsize=16_384)
def _domain(host: str) -> str:
    if host.startswith("[") or _IP.fullmatch(host):
        return host
    return _suffixes().privatesuffix(host) or host


@functools.cache
def _suffix_list() -> bytes:
    import importlib.resources  # slow to import

    return (
        importlib.resources.files("publicsuffixlist")
        .joinpath("public_suffix_list.dat")
        .read_bytes()
    )


@functools.cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(_suffix_list())
