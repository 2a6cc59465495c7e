"""Keys of programs and secrets of webhooks: journalled with who did it, and never themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.platform_side import Platform, all_holds, connected
from flow.small_community import NOW, agrees_with_replay, event, rows
from ombud import access
from ombud.access import PlatformKey
from ombud.controls import programs
from ombud.errors import BadUse
from ombud.staff import people

KEY = PlatformKey(name="forum", sources=("forum/*",), kinds=("post",), doors=("check",))


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with one hold."""
    with connected(tmp_path) as made:
        made.stream(event(1, text="cheap bags"))
        yield made


def kept(platform: Platform) -> list[tuple[object, ...]]:
    """The keys as they lie in the store."""
    return rows(platform.folder, "SELECT name, digest, grants, made, revoked FROM platform_key")


def journalled(platform: Platform) -> list[dict[str, Any]]:
    """What the journal says of keys."""
    found = rows(platform.folder, "SELECT payload FROM journal WHERE type = '!access' ORDER BY seq")
    return [json.loads(row[0]) for row in found]


def test_of_a_key_only_its_digest_is_kept(platform: Platform) -> None:
    """The key itself is in no file; what it may do can be read back as it was granted."""
    key, digest = access.new_key()
    platform.engine.control(programs.made(KEY, digest))
    ((name, stored, grants, made, revoked),) = kept(platform)
    assert (name, stored, made, revoked) == ("forum", digest, NOW + 2, None)
    assert msgspec.json.decode(str(grants), type=PlatformKey) == KEY
    platform.engine.store.forget_log()
    for path in platform.folder.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes()
    assert platform.doors.access(digest) == KEY
    assert platform.doors.access(access.digest(key + "x")) is None


def test_a_revoked_key_opens_nothing(platform: Platform) -> None:
    """At once, and for good; its name is free for another key."""
    first, second = access.digest("omb_1"), access.digest("omb_2")
    platform.engine.control(programs.made(KEY, first))
    with pytest.raises(BadUse, match="U020"):
        platform.engine.control(programs.made(KEY, second))
    platform.engine.control(programs.revoked("forum"))
    assert platform.doors.access(first) is None
    for name in ("forum", "nobody"):
        with pytest.raises(BadUse, match="U021"):
            platform.engine.control(programs.revoked(name))
    platform.engine.control(programs.made(KEY, second))
    assert platform.doors.access(second) == KEY
    assert platform.doors.access(first) is None
    assert len(kept(platform)) == 1


def test_a_secret_lies_in_the_key_file_alone(platform: Platform) -> None:
    """What webhooks are signed with is never in the main file; a new one takes its place."""
    for secret in (b"s" * 32, b"t" * 32):
        platform.engine.control(programs.signed("chat", secret))
        assert platform.engine.keys.key(programs.secret_name("chat")) == secret
    platform.engine.store.forget_log()
    for path in platform.folder.glob("ombud.db*"):
        assert b"t" * 32 not in path.read_bytes()


def test_the_journal_says_what_was_done_and_by_whom(platform: Platform) -> None:
    """The token of the person, what was granted, and neither key nor digest nor secret; the public
    log says what was done and nothing else; replay finds all of it as it was.
    """
    digest = access.digest("omb_x")
    platform.engine.control(programs.made(KEY, digest, "Annemarie"))
    platform.engine.control(programs.signed("chat", b"s" * 32, "Annemarie"))
    platform.engine.control(programs.revoked("forum"))
    for add in (True, False):
        platform.engine.control(programs.roomed("chat", "!a", "Annemarie", add=add))
    who, admin = (
        platform.engine.keys.known_account(people.STAFF, name) for name in ("annemarie", "admin")
    )
    made, signed, revoked, *roomed = journalled(platform)
    assert made == {
        "do": "key made",
        "name": "forum",
        "by": who,
        "grants": json.loads(msgspec.json.encode(KEY)),
    }
    assert signed == {"do": "secret made", "name": "chat", "by": who}
    assert revoked == {"do": "key revoked", "name": "forum", "by": admin}
    assert roomed == [
        {"do": f"room {done}", "name": "chat", "by": who, "room": "!a"}
        for done in ("added", "removed")
    ]
    assert None not in (who, admin)
    leaves = [json.loads(row[0]) for row in rows(platform.folder, "SELECT entry FROM leaf")]
    told = [(each["type"], each.get("outcome")) for each in leaves[-5:]]
    done = ("key made", "secret made", "key revoked", "room added", "room removed")
    assert told == [("config", each) for each in done]
    assert not any("forum" in str(each) or "!a" in str(each) for each in leaves[-5:])
    agrees_with_replay(platform.engine)
    all_holds(platform)


def test_a_refusal_costs_no_rebuilding_and_leaves_nothing(platform: Platform) -> None:
    """The memory is the same one afterwards, the journal no longer, and no key is kept."""
    memory, before = platform.engine.writer.pipeline, journalled(platform)
    with pytest.raises(BadUse, match="U021"):
        platform.engine.control(programs.revoked("nobody"))
    assert platform.engine.writer.pipeline is memory
    assert journalled(platform) == before
    assert kept(platform) == []
