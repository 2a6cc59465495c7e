"""Ombud's account loses what it needs, or somebody it is about has left: nothing is said to be done
that was not, what waits is done once when it can be, and the reasons and the appeal stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from cli.command_line import printed, run
from flow.served_platform import Program, wait
from flow.small_community import rows
from flow.test_staff_story import Person as Visitor
from ombud import session
from ombud.clock import DAY, SECOND
from platforms.matrix_side import act
from platforms.synapse import ADMIN, CLIENT, Person
from platforms.talk import ACCOUNT, RUMOUR, Talk, talk
from platforms.talk import told as read

pytestmark = pytest.mark.xdist_group("lost")

UNDO_WINDOW = 11 * SECOND
ROW = "SELECT state, attempts, detail FROM outbox WHERE decision = ? AND kind = 'action'"
OPEN = (
    "SELECT c.id FROM review_case c JOIN case_subject s USING (id)"
    " WHERE c.closed IS NULL AND s.record = ?"
)
LIMIT = {"action": "limit", "on": "author", "length": DAY}
LABEL = {"action": "label", "text": "disputed"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, connected."""
    with talk(tmp_path_factory.mktemp("lost")) as made:
        made.read()
        yield made


def said(here: Talk, who: Person) -> str:
    """Somebody says what comes before a person; the event's id."""
    id_: str = who.say(here.room, f"{who.id} says: {RUMOUR}").json["event_id"]
    here.seqs(id_)
    return id_


def decided(here: Talk, event: str, done: Mapping[str, object]) -> str:
    """A person decides it, and the time to take that back is over; the decision's id."""
    ((case,),) = rows(here.folder, OPEN, *here.seqs(event))
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=[done])
    here.serving.shift(here.serving.ahead + UNDO_WINDOW)
    query = "SELECT id FROM decision WHERE about = ? ORDER BY seq"
    return str(rows(here.folder, query, *here.seqs(event))[-1][0])


def power(here: Talk, level: int) -> None:
    """Give Ombud's account a power level in the room."""
    at = f"{CLIENT}/rooms/{quote(here.room)}/state/m.room.power_levels"
    levels = here.owner.ask("GET", at).json
    levels["users"][ACCOUNT] = level
    levels["events"]["m.reaction"] = 50  # to label needs power too
    assert here.owner.state(here.room, "m.room.power_levels", levels).status == 200


def out(here: Talk, verb: str) -> None:
    """Put Ombud's account out of the room: `ban`; let it in again: `unban`, and it joins."""
    at = f"{CLIENT}/rooms/{quote(here.room)}/{verb}"
    assert here.owner.ask("POST", at, {"user_id": ACCOUNT}).status == 200
    lacking = [each.code for each in here.check() if each.lack]
    assert lacking == (["U476"] if verb == "ban" else [])


def admin(here: Talk, is_one: bool) -> None:
    """Make Ombud's account an admin, or no longer."""
    at = f"{ADMIN}/v2/users/{quote(ACCOUNT)}"
    assert here.server.admin.ask("PUT", at, {"admin": is_one}).status == 200


def token(here: Talk, secret: str) -> str:
    """Have Synapse know another token of Ombud's, or the right one again; the one before."""
    (path,) = here.server.settings["app_service_config_files"]
    told = read(path)
    before, told["as_token"] = told["as_token"], secret
    here.server.kill()
    Path(path).write_bytes(b"\n" + msgspec.json.encode(told))
    here.server.start()
    return str(before)


def waits(here: Talk, decision: str, code: str) -> None:
    """It was tried, and waits; why, and what to do, stands beside it, and the check says it too."""

    def tried() -> bool:
        state, attempts, detail = rows(here.folder, ROW, decision)[-1]
        assert state in ("asked", "sending"), (state, detail)
        return bool(attempts >= 2 and detail.startswith(f"{code}: "))

    wait(tried, f"{code} is not told: {rows(here.folder, ROW, decision)}")
    assert "ombud connect check" in rows(here.folder, ROW, decision)[-1][2]
    assert code in [each.code for each in here.check() if each.lack]


@pytest.mark.parametrize("code", ["U474", "U476", "U477"])
def test_a_label_waits_for_what_lacks(here: Talk, code: str) -> None:
    """Token, membership or power are gone: what a person decided then is done afterwards, once."""
    event = said(here, here.somebody())
    before = "" if code != "U474" else token(here, "0" * 64)
    if code == "U476":
        out(here, "ban")
    elif code == "U477":
        power(here, 10)
    decision = decided(here, event, LABEL)
    waits(here, decision, code)
    assert here.labels(event) == []
    if before:
        token(here, before)
    elif code == "U477":
        power(here, 100)
    else:
        out(here, "unban")
    wait(lambda: here.labels(event) == ["disputed"], "no label")
    wait(lambda: rows(here.folder, ROW, decision)[-1][0] == "confirmed", "not confirmed")
    assert here.labels(event) == ["disputed"]


def test_what_was_said_while_it_was_out_is_not_taken_for_gone(here: Talk) -> None:
    """A message that the account cannot see is there all the same: its removal waits."""
    out(here, "ban")
    event = here.somebody().say(here.room, "good evening").json["event_id"]
    with here.connector() as connector:
        waits_ = act(connector, "remove", f"{here.room}/{event}", key="act_out")
        assert (waits_.state, waits_.detail[:5]) == ("retry", "U476:")
        out(here, "unban")
        done = act(connector, "remove", f"{here.room}/{event}", key="act_out")
        assert (done.state, done.detail) == ("confirmed", "")
    at = f"{CLIENT}/rooms/{quote(here.room)}/event/{quote(event)}"
    assert "redacted_because" in here.owner.ask("GET", at).json["unsigned"]


def test_nobody_is_told_by_who_may_not(here: Talk) -> None:
    """Without an admin's rights neither limit nor notice comes about: both wait, and come once."""
    who = here.somebody()
    event = said(here, who)
    admin(here, False)
    decision = decided(here, event, LIMIT)
    waits(here, decision, "U475")
    assert notices(who) == []
    admin(here, True)
    wait(lambda: rows(here.folder, ROW, decision)[-1][0] == "confirmed", "not confirmed")
    wait(lambda: notices(who), "no notice")
    assert len(notices(who)) == 1


def test_an_admin_gives_back_what_lacks(here: Talk, tmp_path: Path) -> None:
    """By one command, whose token is nobody else's to read: rights, membership and power are there
    again. A token of somebody who is no admin gives nothing, and that is said.
    """
    admin(here, False)
    power(here, 0)
    token_file = tmp_path / "token"
    token_file.write_text(f"{here.somebody().token}\n")
    asked = ("connect", "check", "talk", "--admin-token-file", token_file, "--data", here.folder)
    told = printed(*asked)["items"]
    codes = [each["lacks"]["code"] for each in told if each["lacks"]]
    assert codes[:3] == ["U472", "U475", "U477"]
    token_file.write_text(here.server.admin.token)
    shown = run(*asked)
    assert shown.exit_code == 0, shown.output
    assert "lacks" not in shown.stdout
    assert here.server.admin.token not in shown.output
    power(here, 100)


def gone(here: Talk, who: Person, *, erase: bool) -> None:
    """An admin closes an account."""
    at = f"{ADMIN}/v1/deactivate/{quote(who.id)}"
    assert here.server.admin.ask("POST", at, {"erase": erase}).status == 200


def left(here: Talk, who: Person) -> None:
    """Somebody leaves the room."""
    assert who.leave(here.room).status == 200


@pytest.mark.parametrize(
    ("goes", "told"),
    [
        (left, ["delivered"]),
        (lambda here, who: gone(here, who, erase=False), ["undeliverable"]),
        (lambda here, who: gone(here, who, erase=True), ["undeliverable"]),
    ],
    ids=["left", "closed", "erased"],
)
def test_an_author_who_is_gone(
    here: Talk, goes: Callable[[Talk, Person], None], told: list[str]
) -> None:
    """They are told where anybody can; the page behind the link takes their appeal; a ban from the
    room and a label are put on and taken away all the same.
    """
    who = here.somebody()
    event = said(here, who)
    goes(here, who)
    ((case,),) = rows(here.folder, OPEN, *here.seqs(event))
    acts = [{"action": "ban from room"}, LABEL]
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    here.serving.shift(here.serving.ahead + UNDO_WINDOW)
    wait(lambda: here.labels(event) == ["disputed"], "no label")
    wait(lambda: membership(here, who) == "ban", "no ban")
    query = (
        "SELECT o.state FROM outbox o JOIN notice n ON n.message = o.id"
        " JOIN decision d ON d.id = n.decision WHERE d.about = ? ORDER BY o.due LIMIT 1"
    )
    (seq,) = here.seqs(event)
    wait(lambda: rows(here.folder, query, seq) == [(each,) for each in told], "not told")
    appealed(here, who)
    made = [each for (each,) in rows(here.folder, "SELECT id FROM decision WHERE about = ?", seq)]
    assert sorted(session.request(here.folder, "undo", ids=made)) == sorted(made)
    wait(lambda: here.labels(event) == [], "the label stayed")
    wait(lambda: membership(here, who) == "leave", "the ban stayed")


def membership(here: Talk, who: Person) -> str:
    """How somebody stands in the room."""
    at = f"{CLIENT}/rooms/{quote(here.room)}/state/m.room.member/{quote(who.id)}"
    return str(here.owner.ask("GET", at).json["membership"])


def appealed(here: Talk, who: Person) -> None:
    """The page of what was decided about somebody takes their appeal, without an account."""
    key = read(here.server.settings["app_service_config_files"][0])["hs_token"]
    at = f"/v1/statements?platform=talk&account={quote(who.id)}"
    with closing(Program(here.serving, key=key)) as platform:
        (found, *_) = platform.ask("GET", at).json["items"]
    visitor, link = Visitor(here.serving.port), "/notice/" + found["link"].rpartition("/")[2]
    (decision, *_) = re.findall(r'name="decision" value="([^"]+)"', visitor.ask(link)[2])
    sent = {"decision": decision, "text": "It was a quotation."}
    assert visitor.ask(f"{link}/appeal", sent)[0] == 303
    assert "It was a quotation." in visitor.ask(link)[2]


def notices(who: Person) -> list[str]:
    """What the homeserver has told somebody."""
    joined = who.ask("GET", f"{CLIENT}/joined_rooms").json["joined_rooms"]
    return [
        str(each["content"].get("body"))
        for room in joined
        for each in who.messages(room)
        if each["sender"].startswith("@notices:") and each["type"] == "m.room.message"
    ]
