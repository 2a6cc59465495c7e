"""Which sites are one and the same to a reader, and behind which another one may stand.

A company often owns a short name beside its long one (`youtu.be`); a link that shows the one and
leads to the other hides nothing. A shortener leads anywhere, and where cannot be seen without
asking it. The shorteners are those of the sample list, as it ships: an operator who changes their
copy changes what their own rules ask, not what a link is said to be. Both tables belong to the
version of the signals that read them: `digest` is what a test holds that to. This module must never
say that two sites belong together because their names are alike.
"""

from __future__ import annotations

import functools
import hashlib

from ombud import samples

# Each line: names of one owner, that lead to that owner's own service and nowhere else.
_ALIASES = """
youtube.com youtu.be youtube-nocookie.com
facebook.com fb.com fb.me fb.watch
messenger.com m.me
instagram.com instagr.am
whatsapp.com wa.me
telegram.org telegram.me t.me
twitter.com x.com
discord.com discord.gg discordapp.com
reddit.com redd.it
amazon.com amzn.to a.co
google.com g.co
spotify.com spoti.fi
microsoft.com aka.ms
wikipedia.org w.wiki
flickr.com flic.kr
pinterest.com pin.it
steampowered.com steamcommunity.com s.team
zalo.me zaloapp.com
shopee.vn shope.ee
"""


@functools.cache
def _aliases() -> dict[str, str]:
    rows = [line.split() for line in _ALIASES.strip().split("\n")]
    return {name: row[0] for row in rows for name in row}


@functools.cache
def _shorteners() -> frozenset[str]:
    text = samples.files("lists")["link-shorteners.txt"].decode()
    lines = (line.partition("#")[0].strip() for line in text.split("\n"))
    return frozenset(line for line in lines if line)


def same(one: str, other: str) -> bool:
    """Whether two sites (`links.domain`) are one owner's, and lead nowhere else."""
    return one == other or _aliases().get(one, one) == _aliases().get(other, other)


def leads_anywhere(host: str, site: str) -> bool:
    """Whether a host, or its site, shortens links of everybody."""
    return host in _shorteners() or site in _shorteners()


@functools.cache
def digest() -> str:
    """SHA-256 (hex) of both tables."""
    return hashlib.sha256("\n".join([_ALIASES, *sorted(_shorteners())]).encode()).hexdigest()
