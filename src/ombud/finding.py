"""What somebody means who pastes a link, a handle or an id: posts, members, rooms and servers that
are known here.

A platform's link has an id somewhere in its path; which part that is the platform knows, so every
part is tried against what is known, by its digest or token, and what is not known is not found. No
address is ever opened. Whoever runs the community is no member by this. This module must never
write, and never guess at a name that only looks like another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from ombud import ids, journal
from ombud.activation.active import Active
from ombud.decisions import lane
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

PASTED_LENGTH_MAX = 2000
CANDIDATES_MAX = 24  # parts of what was pasted that are tried
PLATFORMS_MAX = 50
SOURCES_MAX = 500  # in which a bare id is sought
FOUND_MAX = 10
ID_LENGTH_MAX = 255
_LIVE = ""  # the timeline
_SPLIT = re.compile(r"[/#?\s]+")


class Found(NamedTuple):
    """Something that is known: a post by its record, all else by platform and name (a server is of
    no platform).
    """

    kind: str
    platform: str
    name: str
    record: int | None = None


def find(store: Store, keys: KeyFile, active: Active, pasted: str) -> list[Found]:
    """All that somebody can mean, at most FOUND_MAX. A link that leads to a post means the post,
    though it names a room or a member on its way.
    """
    parts = candidates(pasted)
    posts = list(dict.fromkeys(_posts(store, keys, pasted, parts)))
    if posts and "://" in pasted:
        return posts[:FOUND_MAX]
    platforms = list(_platforms(store))
    found: list[Found] = posts
    for each in (
        _members(keys, platforms, parts),
        _rooms(store, keys, active, platforms, parts),
        _servers(store, keys, parts),
    ):
        found += each
    return list(dict.fromkeys(found))[:FOUND_MAX]


def candidates(pasted: str) -> list[str]:
    """The ids that can be meant: all of it, and the parts of a link or handle, the last first."""
    text = _plain(pasted)
    parts: list[str] = [text]
    path, query, fragment = _address(text)
    segments = [unquote(each) for each in path.split("/") if each]
    parts += ["/".join(segments[-2:]), *reversed(segments), unquote(fragment)]
    parts += (
        [value for _, value in parse_qsl(query, max_num_fields=50)] if len(query) < 1000 else []
    )
    for each in list(parts):
        if each.startswith("@"):
            bare = each[1:]
            parts += [bare, bare.partition("@")[0]]
    kept = (each.strip() for each in parts)
    return list(dict.fromkeys(each for each in kept if 0 < len(each) <= ID_LENGTH_MAX))[
        :CANDIDATES_MAX
    ]


def _plain(pasted: str) -> str:
    text = ids.encodable(pasted[:PASTED_LENGTH_MAX])
    return unicodedata.normalize("NFC", text).strip().strip("<>").strip()


def _address(text: str) -> tuple[str, str, str]:
    """Path, query and fragment of a link; of anything else all of it is a path."""
    if "://" not in text:
        path, _, fragment = text.partition("#")
        return path, "", fragment
    try:
        split = urlsplit(text)
    except ValueError:
        return text.partition("://")[2], "", ""
    return split.path, split.query, split.fragment


# --- posts ----------------------------------------------------------------------------------------


def _posts(store: Store, keys: KeyFile, pasted: str, parts: list[str]) -> Iterator[Found]:
    """Posts by source and id, wherever these are parted; else by the id in any source."""
    pieces = [unquote(each) for each in _SPLIT.split(_plain(pasted)) if each]
    pairs = [
        ("/".join(pieces[begin:end]), "/".join(pieces[end:]))
        for begin in range(min(len(pieces), 8))
        for end in range(begin + 1, min(len(pieces), begin + 6))
    ]
    sources = [row[0] for row in store.all("some_sources", (_LIVE, SOURCES_MAX))]
    pairs += [(source, part) for part in parts[:8] for source in sources]
    for source, name in pairs:
        row = store.one("find_identity", (journal.identity(keys.community, source, name),))
        if row is not None and row[5] is not None:
            yield Found("post", source, name, row[0])


# --- people and places ----------------------------------------------------------------------------


def _platforms(store: Store) -> Iterator[str]:
    """The platforms that events came from, each by one step along the index of sources."""
    last = ""
    for _ in range(PLATFORMS_MAX):
        row = store.one("next_source", (_LIVE, last))
        if row is None:
            return
        platform = row[0].partition("/")[0]
        yield platform
        last = f"{platform}0"  # what comes behind "platform/..."


def _members(keys: KeyFile, platforms: list[str], parts: list[str]) -> Iterator[Found]:
    for platform in platforms:
        for part in parts:
            if keys.known_account(platform, part) is not None:
                yield Found("member", platform, part)


def _rooms(
    store: Store, keys: KeyFile, active: Active, platforms: list[str], parts: list[str]
) -> Iterator[Found]:
    """Rooms that events came from, or that something was decided or is asked about."""
    for platform in platforms:
        for part in parts:
            subject = room(keys, active, platform, part)
            if (
                store.one("stream", (_LIVE, f"{platform}/{part}")) is not None
                or store.one("decided_on_subject", (subject,)) is not None
                or store.one("open_on_subject", (subject,)) is not None
            ):
                yield Found("room", platform, part)


def room(keys: KeyFile, active: Active, platform: str, name: str) -> bytes:
    """The subject that a room is, in decisions and cases."""
    return lane(keys.community, active.connector(platform), f"room/{name}")


def _servers(store: Store, keys: KeyFile, parts: list[str]) -> Iterator[Found]:
    for part in parts:
        if store.one("history", (_LIVE, server(keys, part))) is not None:
            yield Found("server", "", part)


def server(keys: KeyFile, name: str) -> int:
    """The token of a server."""
    return keys.of("server", name.casefold())
