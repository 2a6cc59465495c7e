"""Policy lists of a real Synapse, followed by a real Ombud: what is published there is advice here,
ends when it is taken back, and never counts where a person has said "not here". And what Ombud
publishes on a list of its own, read by somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows, rule
from ombud import clock, session
from ombud.reading import reading
from platforms.synapse import CLIENT, Person
from platforms.talk import ACCOUNT, BAGS, RULES, RUMOUR, Talk, talk

pytestmark = pytest.mark.xdist_group("lists")

LIST = "coc list"
ASKS = dict(
    [
        rule(
            "listed",
            f'author in list "{LIST}"',
            f'author in list "{LIST}"  yes',
            f'author in list "{LIST}"  no',
        ),
        rule(
            "listed-server",
            f'server in list "{LIST}"',
            f'server in list "{LIST}"  yes',
            f'server in list "{LIST}"  no',
            then='alert "look"',
        ),
    ]
)


class Publisher:
    """Somebody on the same homeserver who publishes a list."""

    def __init__(self, here: Talk) -> None:
        self.who = here.server.register("publisher")
        self.room = self.who.room()

    def rule(
        self,
        entity: object,
        reason: str = "spam",
        *,
        kind: str = "user",
        key: str = "",
        **more: Any,
    ) -> str:
        """Publish an entry; the event's id."""
        content: dict[str, Any] = {"entity": entity, "recommendation": "m.ban", "reason": reason}
        return self.state(f"m.policy.rule.{kind}", key or f"rule:{entity}", {**content, **more})

    def state(self, type_: str, key: str, content: Mapping[str, Any]) -> str:
        """Set a piece of the room's state; the event's id."""
        said = self.who.state(self.room, type_, content, quote(key, ""))
        assert said.status == 200, said
        id_: str = said.json["event_id"]
        return id_

    def take_back(self, entity: str, kind: str = "user", key: str = "") -> None:
        """Take an entry back as clients do."""
        self.state(f"m.policy.rule.{kind}", key or f"rule:{entity}", {})

    def redact(self, event: str) -> None:
        """Redact an entry."""
        at = f"{CLIENT}/rooms/{quote(self.room)}/redact/{quote(event)}/r"
        assert self.who.ask("PUT", at, {}).status == 200


def entries(here: Talk, state: str | None = None) -> dict[str, dict[str, Any]]:
    """The entries of the list, as `ombud lists show` has them."""
    with reading(here.folder) as reader:
        found = reader.term_list(LIST, clock.now(), state=state, limit=1000, skip=0)
    return {each["term"]: each for each in found["items"]}


def appears(here: Talk, term: str) -> None:
    """Wait until an entry is read."""
    wait(lambda: term in entries(here), f"{term} was not read")


def goes(here: Talk, term: str) -> None:
    """Wait until it was taken back."""
    wait(lambda: term not in entries(here), f"{term} was not taken back")


def held(here: Talk, who: Person, text: str) -> bool:
    """Whether what somebody says is held by a rule: before it is there, or, where the answer came
    late and it was let pass, as decided all the same.
    """
    query = "SELECT count(*) FROM decision WHERE action = 'hold'"
    before = rows(here.folder, query)
    answer = who.say(here.room, text)
    if answer.status == 403:
        return True
    here.seqs(answer.json["event_id"])
    return rows(here.folder, query) != before


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, connected."""
    with talk(tmp_path_factory.mktemp("lists"), RULES) as made:
        yield made


@pytest.fixture(scope="module")
def publisher(here: Talk) -> Publisher:
    """A list that is followed, and asked by two rules."""
    made = Publisher(here)
    with (here.folder / "ombud.toml").open("a") as file:
        file.write(f'[matrix.talk.policies]\nseconds = 1\nfollow = {{"{LIST}" = "{made.room}"}}\n')
    session.request(here.folder, "reload")
    assert [each for each in here.check() if each.lack] == []  # which joins the room
    begun = "SELECT count(*) FROM journal WHERE type = '!list'"
    wait(lambda: rows(here.folder, begun)[0][0], here.serving.told())
    for name, text in ASKS.items():
        (here.folder / "rules" / name).write_text(text, encoding="utf-8")
    session.request(here.folder, "reload")
    return made


def test_an_entry_is_advice_until_it_is_taken_back(here: Talk, publisher: Publisher) -> None:
    """Who is listed and never wrote here is held by the rule that asks, and reads whose list it is;
    its provenance is shown; once it is redacted, or emptied, they may write.
    """
    for redacted in (False, True):
        who = here.somebody()
        event = publisher.rule(who.id, "sells bags")
        appears(here, who.id)
        entry = entries(here)[who.id]
        assert entry["state"] == "counts"
        told = entry["published"]
        assert (told["by"], told["event"]) == (publisher.who.id, event)
        assert (told["room"], told["reason"]) == (publisher.room, "sells bags")
        assert held(here, who, "hello")
        publisher.redact(event) if redacted else publisher.take_back(who.id)
        goes(here, who.id)
        assert not held(here, who, "hello again")
    ((decision, case),) = rows(
        here.folder,
        "SELECT decision, id FROM review_case WHERE rule = 'listed' ORDER BY opened DESC LIMIT 1",
    )
    with reading(here.folder) as reader:
        assert f"which others publish in the room {publisher.room}" in str(
            reader.decision(decision)
        )
        subject = reader.casebook().case(case, clock.now(), "en")["subjects"][0]
    assert subject["listed"][0]["ended"] is not None


def test_not_here_stands_whatever_is_published(here: Talk, publisher: Publisher) -> None:
    """An entry that the operator does not want counts no more, also when it is taken back and
    published again; until they release it.
    """
    who = here.somebody()
    publisher.rule(who.id)
    wait(lambda: who.id in entries(here, "counts"), "not read")
    asked: dict[str, Any] = {"name": LIST, "term": who.id, "by": "admin"}
    session.ask_list(here.folder, change="quarantine", reason="a friend", **asked)
    assert not held(here, who, "I am a friend")
    publisher.take_back(who.id)
    wait(lambda: entries(here)[who.id]["published"] is None, "not taken back")
    publisher.rule(who.id, "again", key="another")
    wait(lambda: entries(here)[who.id]["published"], "not read again")
    assert entries(here)[who.id]["refused"]["reason"] == "a friend"
    assert not held(here, who, "I am still a friend")
    session.ask_list(here.folder, change="release", **asked)
    assert entries(here)[who.id]["state"] == "watch"  # by now it has met somebody here


def test_a_hostile_list_restricts_nobody(here: Talk, publisher: Publisher) -> None:
    """What stands for everybody, for Ombud, the owner, the homeserver; what hangs other engines;
    what is no entry; a reason as long as an event: nobody who writes is held, nothing counts.
    """
    who = here.somebody()
    patterns = ["*", "@*", "*:*", f"*:{here.server.name}", "@" + "*a" * 100 + "*:x"]
    names = [ACCOUNT, here.owner.id, here.server.admin.id]
    wide = "\uff4fwner"  # which reads as the owner once letters are compared
    for each in (f"@{wide}:{here.server.name}", f"@o\u034fwner:{here.server.name}"):
        publisher.rule(each, key=f"alike{len(each)}")
    for each in (*patterns, *names):
        publisher.rule(each, "x" * 30_000)
    for each in ("*", here.server.name, f"*.{here.server.name}"):
        publisher.rule(each, kind="server", key=f"s{each}")
    publisher.rule(here.room, kind="room")
    for number, entity in enumerate((None, 7, ["@a:b"], {"x": 1}, "", "not an id", "@a\n:b")):
        publisher.rule(entity, key=f"broken{number}")
    publisher.rule(f"@last:{here.server.name}")
    appears(here, f"@last:{here.server.name}")
    found = {term: each for term, each in entries(here).items() if each["published"]}
    states = {term: each["state"] for term, each in found.items()}
    for each in ("@*", f"@*:{here.server.name}", *names, "*", here.server.name, here.room):
        if each != here.server.admin.id:  # who is no moderator of a room is nobody in particular
            assert states[each] == "watch", each
            assert found[each]["watch"]["until"] is None
    assert all(len(each["published"]["reason"]) <= 500 for each in found.values())
    assert "not an id" not in found
    assert not [each for each in found if not each.isascii()]
    for person in (who, here.owner):
        assert not held(here, person, "good morning")
    query = "SELECT count(*) FROM review_case WHERE rule = 'listed-server'"
    assert rows(here.folder, query) == [(0,)]


def test_nothing_else_of_the_room_is_kept(here: Talk, publisher: Publisher) -> None:
    """Not who is in it, not what is said, not how it is called."""
    planted, member = "planted-in-the-list", here.server.register("listmember")
    assert member.join(publisher.room).status == 200
    assert member.say(publisher.room, planted).status == 200
    publisher.state("m.room.topic", "", {"topic": planted})
    publisher.rule("@after:far.example")
    appears(here, "@after:far.example")
    for path in [*here.folder.rglob("*"), here.serving.log]:
        if path.is_file():
            content = path.read_bytes()
            assert planted.encode() not in content, path
            assert member.id.encode() not in content, path


def test_what_happens_while_nobody_looks_comes_once(here: Talk, publisher: Publisher) -> None:
    """Ombud is killed in the middle; what was published and taken back meanwhile is found."""
    publisher.rule("@before:far.example")
    publisher.rule("@gone:far.example")
    appears(here, "@before:far.example")
    appears(here, "@gone:far.example")
    here.serving.kill()
    publisher.take_back("@gone:far.example")
    publisher.rule("@meanwhile:far.example")
    before = rows(here.folder, "SELECT count(*) FROM journal WHERE type = '!list'")[0][0]
    here.serving.start()
    appears(here, "@meanwhile:far.example")
    goes(here, "@gone:far.example")
    after = rows(here.folder, "SELECT count(*) FROM journal WHERE type = '!list'")[0][0]
    assert after == before + 2
    with reading(here.folder) as reader:
        assert reader.replay_check().differences == []


def stands(here: Talk, until: Callable[[], object], what: str) -> None:
    """Wait for what the server does; where it never comes, with what the server has said."""
    try:
        wait(until, what)
    except AssertionError as error:
        raise AssertionError(f"not {what}: {here.serving.told()}") from error


def standing(reader: Person, room: str, who: Person) -> Any:
    """What stands about somebody on Ombud's own list, as another account reads it."""
    at = f"{CLIENT}/rooms/{quote(room)}/state/m.policy.rule.user/{quote(f'rule:{who.id}')}"
    return reader.ask("GET", at).json


def suspended(here: Talk, who: Person) -> str:
    """Somebody is suspended by a person, after a rule has asked; the decision."""
    (seq,) = here.seqs(who.say(here.room, f"he did it, {RUMOUR}").json["event_id"])
    query = "SELECT id FROM review_case WHERE closed IS NULL AND rule = 'rumour'"
    wait(lambda: rows(here.folder, query), "no case")
    ((case,),) = rows(here.folder, query)
    acts = [{"action": "suspend", "on": "author", "length": 86_400_000_000}]
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    query = "SELECT id FROM decision WHERE about = ? AND action = 'suspend'"
    ((decision,),) = rows(here.folder, query, seq)
    return str(decision)


def test_ones_own_list_says_what_people_decided(here: Talk, publisher: Publisher) -> None:
    """Who was suspended by a person under a clause that the operator named stands there with the
    clause alone, for another account to read, after they were told; who was held by a rule does
    not. Undone, it is taken back; so it is where Ombud was killed in between.
    """
    own = here.owner.room(power_level_content_override={"users": {ACCOUNT: 100}})
    reader = publisher.who
    assert reader.join(own).status == 200
    settings = here.folder / "ombud.toml"
    told = f'publish = "{own}"\nclauses = ["spam.links"]\n'
    text = 'public_url = "https://mod.example"\n' + settings.read_text() + told
    settings.write_text(text)
    session.request(here.folder, "reload")
    assert [each for each in here.check() if each.lack] == []
    by_rule, first, second = here.somebody(), here.somebody(), here.somebody()
    assert held(here, by_rule, BAGS)
    decision, other = suspended(here, first), suspended(here, second)
    stands(here, lambda: standing(reader, own, first).get("entity"), "published")
    stands(here, lambda: standing(reader, own, second).get("entity"), "published")
    link = "https://mod.example/transparency/rules/history?clause=spam.links"
    assert standing(reader, own, first) == {
        "entity": first.id,
        "recommendation": "m.ban",
        "reason": f"spam.links {link}",
    }
    assert standing(reader, own, by_rule).get("errcode") == "M_NOT_FOUND"
    query = "SELECT reason FROM notice WHERE decision = ? ORDER BY reason"
    assert rows(here.folder, query, decision) == [("advised",), ("decided",)]
    assert session.request(here.folder, "undo", ids=[decision]) == [decision]
    stands(here, lambda: standing(reader, own, first) == {}, "taken back")
    here.serving.kill()
    here.serving.start()
    assert session.request(here.folder, "undo", ids=[other]) == [other]
    stands(here, lambda: standing(reader, own, second) == {}, "taken back after a start")
    query = "SELECT count(*) FROM advice WHERE ended IS NULL"
    stands(here, lambda: rows(here.folder, query) == [(0,)], "noted")
