"""Credentials in the key file: digests at rest, ends of sessions and links, nothing stays on."""

from __future__ import annotations

import string
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import BadData
from ombud.staff import credentials
from ombud.staff.credentials import (
    ABSOLUTE,
    FIRST,
    FIRST_LINK,
    FRESH,
    IDLE,
    LINK,
    SEEN_STEP,
    Credentials,
    Passkey,
    digest,
    new_secret,
)
from ombud.store.keyfile import KeyFile

NOW = 1_700_000_000_000_000
ANA, BINH = 11, 22


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file."""
    KeyFile(tmp_path / "ombud.keys").close()
    return tmp_path / "ombud.keys"


@pytest.fixture
def kept(path: Path) -> Iterator[Credentials]:
    """Its credentials, with two people."""
    found = Credentials(path)
    found.add(ANA, "Ana")
    found.add(BINH, "Bình")
    yield found
    found.close()


def at_rest(path: Path) -> bytes:
    """Everything that stands in the files."""
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_has_256_random_bits() -> None:
    """43 letters of 64, no two alike; what is kept of one says nothing about it."""
    found = [new_secret() for _ in range(200)]
    assert len({each.token for each in found}) == 200
    letters = set(string.ascii_letters + string.digits + "-_")
    assert all(len(each.token) == 43 and set(each.token) <= letters for each in found)
    assert len(set("".join(each.token for each in found))) == 64
    assert all(each.digest == digest(each.token) and len(each.digest) == 32 for each in found)


@given(st.text(max_size=200), st.text(max_size=200))
def test_two_tokens_have_two_digests(one: str, two: str) -> None:
    """Whatever a browser sends has a digest; only what begins alike up to the bound shares it, and
    what no encoding can hold is one sign.
    """
    alike = [each[:100].encode("utf-8", "replace") for each in (one, two)]
    assert (digest(one) == digest(two)) == (alike[0] == alike[1])


def test_no_token_stands_in_the_file(kept: Credentials, path: Path) -> None:
    """Neither a session's nor a link's, as they are handed out, raw or in hex."""
    _, session = kept.begin(ANA, "password", "Firefox", NOW)
    link, _ = kept.make_link(BINH, NOW)
    kept.end_others(BINH)
    content = at_rest(path)
    for token in (session, link):
        assert token.encode() not in content
        assert digest(token) in content


# --- sessions -------------------------------------------------------------------------------------


def test_a_session_is_found_by_its_token_alone(kept: Credentials) -> None:
    """Not by its id, nor by its digest, nor by half a token."""
    made, token = kept.begin(ANA, "password", "Firefox", NOW)
    assert kept.session(token, NOW) == made
    for other in ("", made.id, digest(token).hex(), token[:-1], token + "A", "\0", "\ud800" * 50):
        assert kept.session(other, NOW) is None


def test_a_session_ends_when_nobody_uses_it(kept: Credentials) -> None:
    """After twelve hours without use; each use counts anew, to the minute."""
    _, token = kept.begin(ANA, "password", "", NOW)
    assert kept.session(token, NOW + IDLE) is None
    later = NOW + IDLE - 1
    assert kept.session(token, later) is not None
    assert kept.session(token, later + IDLE - 1) is not None
    assert kept.session(token, later + 2 * IDLE) is None


def test_the_last_use_is_kept_to_the_minute(kept: Credentials) -> None:
    """A page that is reloaded writes nothing."""
    _, token = kept.begin(ANA, "password", "", NOW)
    kept.session(token, NOW + SEEN_STEP - 1)
    assert kept.sessions(ANA, NOW)[0].seen == NOW
    kept.session(token, NOW + SEEN_STEP)
    assert kept.sessions(ANA, NOW)[0].seen == NOW + SEEN_STEP
    kept.session(token, NOW)  # a clock that went back
    assert kept.sessions(ANA, NOW)[0].seen == NOW + SEEN_STEP


def test_a_session_ends_after_a_week_however_much_it_is_used(kept: Credentials) -> None:
    """The absolute end."""
    _, token = kept.begin(ANA, "password", "", NOW)
    for moment in range(NOW, NOW + ABSOLUTE, IDLE // 2):
        assert kept.session(token, moment) is not None
    assert kept.session(token, NOW + ABSOLUTE - 1) is not None
    assert kept.session(token, NOW + ABSOLUTE) is None
    assert kept.sessions(ANA, NOW + ABSOLUTE) == []


def test_a_session_is_fresh_for_minutes_after_a_proof(kept: Credentials) -> None:
    """From when it began, and anew from when its person shows who they are."""
    made, token = kept.begin(ANA, "password", "", NOW)
    assert made.fresh(NOW + FRESH - 1)
    assert not made.fresh(NOW + FRESH)
    assert not made.fresh(NOW - FRESH)  # a clock that went back
    kept.prove(made.id, NOW + FRESH)
    again = kept.session(token, NOW + FRESH)
    assert again is not None
    assert again.fresh(NOW + 2 * FRESH - 1)


def test_sessions_are_ended_one_by_one_and_all_at_once(kept: Credentials) -> None:
    """One's own only; nobody ends somebody else's by knowing what it is called."""
    mine = [kept.begin(ANA, "password", "", NOW + each) for each in range(3)]
    theirs, _ = kept.begin(BINH, "password", "", NOW)
    assert not kept.end(ANA, theirs.id)
    assert kept.end(ANA, mine[0][0].id)
    assert kept.session(mine[0][1], NOW) is None
    kept.end_others(ANA, mine[2][0].id)
    assert [each.id for each in kept.sessions(ANA, NOW)] == [mine[2][0].id]
    assert [each.id for each in kept.sessions(BINH, NOW)] == [theirs.id]


def test_the_number_of_sessions_is_bounded(kept: Credentials) -> None:
    """The one used longest ago gives way, and nobody else's does."""
    kept.begin(BINH, "password", "", NOW)
    made = [kept.begin(ANA, "password", "", NOW + each) for each in range(25)]
    kept_ids = {each.id for each in kept.sessions(ANA, NOW)}
    assert kept_ids == {each.id for each, _ in made[5:]}
    assert len(kept.sessions(BINH, NOW)) == 1


# --- passwords and links --------------------------------------------------------------------------


def test_another_password_ends_other_sessions_and_the_link(kept: Credentials) -> None:
    """Whoever came in by the old one is out; the session in which it was changed goes on."""
    here, token = kept.begin(ANA, "password", "", NOW)
    kept.begin(ANA, "password", "", NOW)
    link, _ = kept.make_link(ANA, NOW)
    kept.set_password(ANA, "hash", keep=here.id)
    assert [each.id for each in kept.sessions(ANA, NOW)] == [here.id]
    assert kept.link(link, NOW) is None
    assert kept.session(token, NOW) is not None
    account = kept.account(ANA)
    assert account is not None
    assert account.password == "hash"


def test_a_rehash_never_brings_an_old_password_back(kept: Credentials) -> None:
    """Where the password was changed meanwhile, the new one stays."""
    kept.set_password(ANA, "old")
    kept.rehash(ANA, "old", "old, stronger")
    account = kept.account(ANA)
    assert account is not None
    assert account.password == "old, stronger"
    kept.set_password(ANA, "new")
    kept.rehash(ANA, "old, stronger", "old, strongest")
    account = kept.account(ANA)
    assert account is not None
    assert account.password == "new"


def test_a_link_is_good_once_and_for_a_time(kept: Credentials) -> None:
    """A day for people, an hour for the first account; the latest counts, and looking is free."""
    old, _ = kept.make_link(ANA, NOW)
    link, ends = kept.make_link(ANA, NOW)
    first, soon = kept.make_link(FIRST, NOW)
    assert (ends, soon) == (NOW + LINK, NOW + FIRST_LINK)
    assert kept.link(old, NOW) is None
    assert [kept.link(link, NOW) for _ in range(3)] == [ANA] * 3
    assert kept.link(link, ends - 1) == ANA
    assert kept.link(link, ends) is None
    assert kept.link(first, NOW) == FIRST
    assert not kept.use_link(link, BINH, "hash", NOW)
    assert not kept.use_link(link, ANA, "hash", ends)
    _, token = kept.begin(ANA, "password", "", NOW)
    assert kept.use_link(link, ANA, "hash", NOW)
    assert not kept.use_link(link, ANA, "another", NOW)
    assert kept.session(token, NOW) is None
    account = kept.account(ANA)
    assert account is not None
    assert account.password == "hash"


def test_of_two_who_use_a_link_at_once_one_does(kept: Credentials) -> None:
    """Ten threads, one link: it opens once."""
    link, _ = kept.make_link(ANA, NOW)
    start, found = threading.Barrier(10), []

    def use(number: int) -> None:
        start.wait()
        found.append(kept.use_link(link, ANA, f"hash {number}", NOW))

    threads = [threading.Thread(target=use, args=(each,)) for each in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [False] * 9 + [True]


# --- passkeys -------------------------------------------------------------------------------------


def key(id_: bytes, token: int = ANA) -> Passkey:
    """A passkey."""
    return Passkey(id_, token, b"public", 3, "phone", NOW, None)


def test_passkeys_are_kept_used_and_dropped_by_their_person(kept: Credentials) -> None:
    """No id twice, nobody else's, no more than twenty, and nobody drops another's."""
    assert kept.add_passkey(key(b"1"))
    assert not kept.add_passkey(key(b"1"))
    assert not kept.add_passkey(key(b"1", BINH))
    assert not kept.add_passkey(key(b"x", 33))
    used = kept.passkey(b"1")
    assert used == key(b"1")
    assert used is not None
    assert kept.use_passkey(used, 4, NOW + 5)
    assert not kept.use_passkey(used, 4, NOW + 6)
    assert kept.passkeys(ANA) == [key(b"1")._replace(uses=4, used=NOW + 5)]
    assert not kept.drop_passkey(BINH, b"1")
    assert kept.drop_passkey(ANA, b"1")
    assert kept.passkey(b"1") is None
    made = [kept.add_passkey(key(b"%d" % each)) for each in range(21)]
    assert made == [True] * 20 + [False]


# --- who is suspended, who goes, what a crash leaves ----------------------------------------------


def test_who_is_shut_out_has_no_session_and_no_link(kept: Credentials) -> None:
    """Password and passkeys stay, for when they come back."""
    kept.set_password(ANA, "hash")
    kept.add_passkey(key(b"1"))
    _, token = kept.begin(ANA, "password", "", NOW)
    link, _ = kept.make_link(ANA, NOW)
    kept.shut_out(ANA)
    assert kept.session(token, NOW) is None
    assert kept.link(link, NOW) is None
    account = kept.account(ANA)
    assert account is not None
    assert account.password == "hash"
    assert len(kept.passkeys(ANA)) == 1


def test_of_who_is_forgotten_nothing_is_left(kept: Credentials, path: Path) -> None:
    """Not in the file and not in its log either."""
    kept.set_password(ANA, "$argon2id$ a hash that is looked for")
    kept.add_passkey(key(b"an id that is looked for"))
    kept.begin(ANA, "password", "", NOW)
    kept.make_link(ANA, NOW)
    assert b"looked for" in at_rest(path)
    kept.forget(ANA)
    assert b"looked for" not in at_rest(path)
    assert kept.account(ANA) is None
    assert kept.passkeys(ANA) == []
    assert kept.sessions(ANA, NOW) == []
    assert kept.link_end(ANA, NOW) is None
    assert kept.account(BINH) is not None


def test_a_start_takes_away_what_a_crash_has_left(kept: Credentials) -> None:
    """Nobody but members has credentials, nobody but active ones sessions and links, and the link
    of the first account is gone once there is one.
    """
    for each in (ANA, BINH):
        kept.begin(each, "password", "", NOW)
        kept.make_link(each, NOW)
    kept.make_link(FIRST, NOW)
    kept.settle([ANA, BINH], [ANA], NOW)
    assert len(kept.sessions(ANA, NOW)) == 1
    assert kept.sessions(BINH, NOW) == []
    assert kept.link_end(ANA, NOW) is not None
    assert kept.link_end(BINH, NOW) is None
    assert kept.link_end(FIRST, NOW) is None
    assert kept.account(BINH) is not None
    kept.settle([ANA], [ANA], NOW + LINK)
    assert kept.account(BINH) is None
    assert kept.link_end(ANA, NOW) is None
    kept.settle([], [], NOW)
    assert kept.account(ANA) is None


def test_the_first_link_stays_while_there_is_nobody(kept: Credentials) -> None:
    """A restart beside it does not end it; its time does."""
    link, ends = kept.make_link(FIRST, NOW)
    kept.settle([], [], NOW)
    assert kept.link(link, NOW) == FIRST
    kept.settle([], [], ends)
    assert kept.link(link, NOW) is None


# --- the file -------------------------------------------------------------------------------------


def test_a_file_of_an_earlier_program_is_brought_up_to_date(path: Path) -> None:
    """With what is in it, and to just what a new file has."""
    plain = path.with_name("old.keys")
    old = apsw.Connection(str(plain))
    old.execute("CREATE TABLE key (name TEXT PRIMARY KEY, value BLOB NOT NULL)")
    old.execute(
        "CREATE TABLE account (token INTEGER PRIMARY KEY, platform TEXT NOT NULL, id TEXT NOT NULL,"
        " since INTEGER NOT NULL); CREATE UNIQUE INDEX account_id ON account (platform, id);"
        "CREATE TABLE body_key (seq INTEGER PRIMARY KEY, key BLOB NOT NULL);"
        "CREATE TABLE decision_key (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, key BLOB NOT NULL)"
    )
    old.execute("INSERT INTO account VALUES (5, char(0) || 'staff', 'ana', 1)")
    old.close()
    KeyFile(plain).close()
    KeyFile(plain).close()  # the second time there is nothing to do
    found = Credentials(plain)
    assert found.token_of("ana") == 5
    found.add(5, "Ana")
    assert found.account(5) is not None
    found.close()

    def columns(file: Path) -> list[object]:
        read = apsw.Connection(str(file))
        query = (
            'SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_schema m'
            " LEFT JOIN pragma_table_info(m.name) c ORDER BY 1, 2"
        )
        return [*read.execute(query).fetchall(), *read.execute("PRAGMA user_version").fetchall()]

    assert columns(plain) == columns(path)


def test_a_file_of_a_later_program_is_refused(path: Path) -> None:
    """It may keep what this program would not forget; nothing is changed."""
    later = apsw.Connection(str(path))
    later.execute("PRAGMA user_version = 3")
    later.close()
    for readonly in (False, True):
        with pytest.raises(BadData) as caught:
            KeyFile(path, readonly=readonly)
        assert caught.value.code == "D002"


def test_nobody_waits_for_a_reader_who_may_not_write(path: Path, kept: Credentials) -> None:
    """Commands that list people read beside the server, and cannot change anything."""
    reader = Credentials(path, readonly=True)
    assert reader.account(ANA) == kept.account(ANA)
    with pytest.raises(apsw.ReadOnlyError):
        reader.shut_out(ANA)
    reader.close()


def test_the_files_log_does_not_grow_for_ever(
    kept: Credentials, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often somebody logs in where nothing else is written."""
    monkeypatch.setattr(credentials, "LOG_PAGES_MAX", 20)
    log = path.with_name(path.name + "-wal")
    for each in range(200):
        kept.begin(ANA, "password", "", NOW + each)
    assert log.stat().st_size < 60 * 4096


def test_the_lengths_are_as_the_page_says() -> None:
    """Twelve hours without use, seven days in all, five minutes fresh, an hour, a day."""
    hour = 3_600_000_000
    assert (12 * hour, 7 * 24 * hour, hour // 12) == (IDLE, ABSOLUTE, FRESH)
    assert (hour, 24 * hour) == (credentials.FIRST_LINK, credentials.LINK)
