"""How alike a host looks to a site that others may pretend to be, in permille.

A host is compared by its registrable domain, of which `links.domain` knows: the *label* that
somebody chose, and the *ending* under which it was registered.

- 1000: it reads the same (`pаypal.example` with a Cyrillic а, `paypa1.com`, `pay-pal.com`), or has
  the whole site inside (`paypal.com.evil.example`, `secure-paypal.com`);
- 950: the same label with a word of trust or a number beside it (`paypal-login.com`,
  `verifypaypal.com`, `paypal24.net`);
- 900: the same label with any other word, behind a hyphen (`paypal-fans.com`), or beside a word of
  trust in a subdomain (`paypal.login.evil.example`), if it has at least five letters;
- 850: the label inside another one (`nicemetamasks.io`), if it has at least seven letters, or alone
  in a subdomain (`paypal.evil.example`), if at least five;
- 800: the same label under another ending (`paypal.net`), if it has at least five letters;
- else: 1 - d / l as in `lookalike`, of the labels with the first three letters of their endings.
  Without the things beside, the same at 95 %. Below 80 % a host is told as not alike.

Letters are compared as skeletons (`views.skeleton`); besides, i, l and 1 are one letter, and vv is
a w. What is listed, or stands below it, resembles nothing. This module must never look a name up,
nor conclude who was there first.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from ombud.signals import hosts, links, views

SAME = 1000
TRUSTED = 950  # a word of trust beside
BESIDE = 900  # another word beside
INSIDE = 850  # inside another word, or in a subdomain
ENDING = 800  # another ending: most companies have several
LABEL_MIN = 5  # letters of a label that is known again under another ending
INSIDE_MIN = 7  # letters of a label that is known again inside another word
CORE_MIN = 3  # letters that must stay when words are taken off
LENGTH_MAX = 63
ENDING_LETTERS = 3
HOSTS_KEPT = 16_384

# Words that are put beside a name to borrow its trust, in English and Vietnamese. Not here: words
# that honest sites put beside their own names as often ("app", "shop", "my", "vn").
_WORDS = """
account accounts admin airdrop airdrops alert auth billing bonus captcha check chinhthuc claim
claims client coin confirm connect customer dangki dangky dangnhap dashboard giaodich gift gifts
giveaway help helpdesk hotro invite khachhang khuyenmai kichhoat log login migration napthe nft
nganhang nhanqua nhanthuong nitro official org pay payment payments prize promo promotion quatang
rec recovery redeem reg register reward rewards safe safety secure security server service
services signin signup sukien support sync taikhoan tangqua thanhtoan thecao trogiup tuyendung
unlock user uudai vault vaytien verification verified verify vote wallet wallets website xacminh
xacnhan xacthuc
"""
_TRUST = frozenset(_WORDS.split())
_DIGITS = "0123456789"


class Form(NamedTuple):
    """A host as it is compared; all but `domain`, `host`, `written` and `ending` as skeletons.

    `label` is what was chosen, joined over hyphens; `parts` its words between hyphens without the
    digits at their ends; `cores` what may be left of it without words of trust; `near` the label
    with its ending's first letters; `below` the labels before the domain.
    """

    host: str
    domain: str
    written: str
    label: str
    parts: tuple[str, ...]
    cores: tuple[str, ...]
    ending: str
    near: str
    below: tuple[str, ...]


@functools.lru_cache(maxsize=HOSTS_KEPT)
def form(host: str) -> Form | None:
    """The form of a host; None for IP addresses and bare endings."""
    if hosts.is_ip(host) or len(host) > links.HOST_MAX:
        return None
    domain = links.domain(host)
    chosen, _, ending = domain.partition(".")
    if not chosen or not ending:
        return None
    chosen = _letters(chosen)
    below = host[: -len(domain)].strip(".")
    label = looks(chosen)[:LENGTH_MAX]
    if not label:
        return None
    words = map(looks, map(_unnumbered, chosen.split("-")))
    parts = tuple(filter(None, words))
    return Form(
        host,
        domain,
        chosen,
        label,
        parts,
        _cores(label, parts),
        ending,
        f"{label}.{looks(ending.replace('.', ''))[:ENDING_LETTERS]}",
        tuple(map(_letters, below.split("."))) if below else (),
    )


def _letters(label: str) -> str:
    return links.readable(label) if label.startswith("xn--") else label


def looks(word: str) -> str:
    """What a reader may take a word of a host for; hyphens are not seen."""
    seen = "".join(views.words(views.skeleton(word))).replace("_", "")
    return seen.replace("i", "l").replace("vv", "w")


def _unnumbered(word: str) -> str:
    """A word without the digits at its ends, where enough is left."""
    bare = word.strip(_DIGITS)
    return bare if len(bare) >= CORE_MIN else word


_SEEN_TRUST = frozenset(map(looks, _TRUST))
_LONGEST = max(map(len, _SEEN_TRUST))


@functools.lru_cache(maxsize=HOSTS_KEPT)
def trusted(word: str) -> bool:
    """Whether a word, as it looks, is a number, or made of words of trust and nothing else."""
    if word.isdigit():
        return True
    good = [True] + [False] * len(word)
    for end in range(1, len(word) + 1):
        good[end] = any(
            good[start] and word[start:end] in _SEEN_TRUST
            for start in range(max(0, end - _LONGEST), end)
        )
    return good[-1]


def _cores(label: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """What may be left of a label without words of trust: between hyphens, at either end."""
    kept = "".join(part for part in parts if not trusted(part))
    found = {kept, "".join(parts)}
    for end in range(min(_LONGEST, len(kept) - CORE_MIN), 1, -1):
        if kept[:end] in _SEEN_TRUST:
            found.add(kept[end:])
            break
    for end in range(min(_LONGEST, len(kept) - CORE_MIN), 1, -1):
        if kept[-end:] in _SEEN_TRUST:
            found.add(kept[:-end])
            break
    return tuple(sorted(core for core in found if len(core) >= CORE_MIN and core != label))


_BETWEEN = re.compile(r"[.\-]")


def runs(host: str) -> tuple[str, ...]:
    """The words of a host between dots and hyphens, as they look: to find a whole site inside."""
    return tuple(looks(_letters(word)) for word in _BETWEEN.split(host))
