"""Ombud away, deaf, slow or half answered: Synapse goes on by the deadline, as each hook says."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import apsw
import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import journal, session
from ombud.app import KEY_FILE
from ombud.config import SETTINGS_FILE, STORE_FILE
from ombud.store.keyfile import KeyFile
from platforms.synapse import Person
from platforms.watched_synapse import BAGS, DEADLINE, Watched

SLACK = 2.0  # what a busy machine may add to a deadline


@pytest.fixture(autouse=True)
def mended(watched: Watched) -> Iterator[None]:
    """Whatever a test does to the wire is undone."""
    yield
    watched.wire.be("through")


@pytest.mark.parametrize("mode", ["cut", "deaf", "half", "drip"])
def test_the_deadline_holds_and_each_hook_does_as_it_says(watched: Watched, mode: str) -> None:
    """Messages, joins and invitations: let pass in one room, refused with a word in the other."""
    ana, new, other = watched.somebody("open", "shut"), watched.somebody(), watched.somebody()
    watched.wire.be(mode)
    told = {}
    for room in ("open", "shut"):
        began = time.monotonic()
        with ThreadPoolExecutor() as people:  # nobody waits behind anybody else
            asked = [
                *(people.submit(ana.say, watched.rooms[room], f"hello {n}") for n in range(4)),
                people.submit(new.join, watched.rooms[room]),
                people.submit(ana.invite, watched.rooms[room], other.id),
            ]
            told[room] = [each.result() for each in asked]
        assert time.monotonic() - began < DEADLINE + SLACK
    assert [each.status for each in told["open"]] == [200] * 6
    assert [each.status for each in told["shut"]] == [403] * 6
    for each in told["shut"]:
        assert each.json["org.ombud.action"] == "later"
        assert "Hãy thử lại" in each.json["error"]


def test_what_ombud_answers_for_want_of_a_verdict_publishes_nothing(watched: Watched) -> None:
    """Its own deadline is shorter than the module's, its answer "allow", and its store is busy: a
    hook that refuses refuses, and one that lets pass lets pass.
    """
    ana, folder = watched.somebody("open", "shut"), watched.site.folder
    assert ana.say(watched.rooms["shut"], BAGS).json["org.ombud.action"] == "hold"
    settings = folder / SETTINGS_FILE
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace("deadline_ms = 5000", "deadline_ms = 50"), encoding="utf-8")
    session.request(folder, "reload")
    busy = apsw.Connection(str(folder / STORE_FILE))
    busy.execute("BEGIN IMMEDIATE")
    try:
        told = {each: ana.say(watched.rooms[each], f"{BAGS} busy") for each in ("shut", "open")}
    finally:
        busy.execute("ROLLBACK")
        busy.close()
        settings.write_text(before, encoding="utf-8")
        session.request(folder, "reload")
    assert (told["shut"].status, told["shut"].json["org.ombud.action"]) == (403, "later")
    assert told["open"].status == 200
    said = [each["content"].get("body") for each in watched.owner.messages(watched.rooms["shut"])]
    assert f"{BAGS} busy" not in said
    assert b'"degraded":true' in watched.wire.kept


@pytest.mark.parametrize("mode", ["deaf", "half"])
def test_nothing_waits_behind_the_deadline(watched: Watched, mode: str) -> None:
    """A connection that brought no answer is ended, and does not pile up."""
    ana = watched.somebody("open")
    told = f"registered/{ana.id}".encode()
    wait(lambda: told in watched.wire.kept, "the registration is not told")
    watched.wire.be(mode)
    assert ana.say(watched.rooms["open"], "hello").status == 200
    wait(lambda: watched.wire.connected == 0, "a connection stays open", 30)


def test_an_answer_without_end_is_none(watched: Watched) -> None:
    """It is not read to its end, whatever it says: the hook decides."""
    ana = watched.somebody("open", "shut")
    watched.wire.be("huge")
    assert ana.say(watched.rooms["open"], "hello").status == 200
    assert ana.say(watched.rooms["shut"], "hello").json["org.ombud.action"] == "later"


def test_a_slow_answer_before_the_deadline_counts(watched: Watched) -> None:
    """What comes in time is the verdict, in both rooms."""
    ana = watched.somebody("open", "shut")
    watched.wire.be("slow")
    for room in ("open", "shut"):
        assert ana.say(watched.rooms[room], BAGS).json["org.ombud.action"] == "hold"
        assert ana.say(watched.rooms[room], "hello").status == 200


def test_a_process_that_died_is_asked_again_when_it_is_back(watched: Watched) -> None:
    """Killed and started again: nothing of Synapse has to be started again."""
    ana = watched.somebody("open", "shut")
    watched.site.serving.kill()
    assert ana.say(watched.rooms["open"], BAGS).status == 200
    assert ana.say(watched.rooms["shut"], BAGS).json["org.ombud.action"] == "later"
    watched.site.serving.start()
    assert ana.say(watched.rooms["open"], BAGS).json["org.ombud.action"] == "hold"
    assert ana.say(watched.rooms["shut"], "hello").status == 200


def test_what_went_wrong_is_said_without_what_was_asked(watched: Watched) -> None:
    """Synapse's log names the fault, and nothing of a message."""
    ana = watched.somebody("open")
    watched.wire.be("cut")
    assert ana.say(watched.rooms["open"], "an unmistakable sentence").status == 200
    logs = watched.server.logs()
    assert "Ombud did not answer" in logs
    assert "unmistakable" not in logs
    assert "omb_" not in logs


def test_an_account_made_while_ombud_was_away_is_told_of_later(watched: Watched) -> None:
    """Nobody is refused at registration: it becomes a case, with the id and no more."""
    watched.wire.be("cut")
    watched.wire.forget()
    before = cases(watched)
    ana = watched.somebody()
    watched.wire.be("through")
    wait(lambda: cases(watched) > before, "there is no case")
    every = re.findall(rb'{"data":[^\n]*?registered/[^\n]*?}', watched.wire.kept)
    (told,) = {each for each in every if ana.id.encode() in each}
    assert told.count(ana.id.encode()) == 2
    event = json.loads(told)
    assert set(event) == {"data", "id", "source", "specversion", "time", "type"}
    assert set(event["data"]["author"]) == {"id", "created"}


def told_of(watched: Watched, *people: Person) -> list[int]:
    """How often each of them stands in the journal as a new account."""
    with closing(KeyFile(watched.site.folder / KEY_FILE, readonly=True)) as keys:
        source = f"matrix/{watched.server.name}"
        wanted = [journal.identity(keys.community, source, f"registered/{p.id}") for p in people]
    query = "SELECT count(*) FROM journal WHERE identity = ? AND type = 'account.created'"
    return [rows(watched.site.folder, query, each)[0][0] for each in wanted]


def test_nothing_is_lost_with_synapses_process(watched: Watched) -> None:
    """Accounts made while Ombud is away, and then Synapse is killed, twice: each is told of once,
    whatever it was that kept Synapse from telling.
    """
    known = watched.somebody()
    wait(lambda: told_of(watched, known) == [1], "the registration is not told")
    watched.wire.be("cut")
    first = [watched.somebody() for _ in range(3)]
    watched.server.kill()
    watched.server.start()
    then = watched.somebody()
    watched.server.kill()
    watched.wire.be("through")
    watched.server.start()
    everybody = [*first, then, known]
    wait(lambda: told_of(watched, *everybody) == [1] * 5, "not all are told of")
    watched.wire.be("half")
    last = watched.somebody()
    watched.wire.be("through")
    wait(lambda: told_of(watched, last) == [1], "the last one is not told of")
    watched.server.kill()
    watched.server.start()
    after = watched.somebody()
    wait(lambda: told_of(watched, after) == [1], "what comes later is not told of")
    assert told_of(watched, *everybody, last) == [1] * 6


def cases(watched: Watched) -> int:
    """How many registrations a person is to look at."""
    query = "SELECT count(*) FROM case_subject JOIN review_case USING (id) WHERE rule = 'new'"
    found: int = rows(watched.site.folder, query)[0][0]
    return found
