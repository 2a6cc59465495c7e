"""Commands about what lies outside, run for the page that says what they print."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flow.chat_room import LOOK
from flow.commands_run import Community, event
from flow.followed_community import LIST, followed, opened, publish, take_back
from flow.listed_community import change, listed, said
from flow.small_community import event as told_of
from flow.small_community import line, prepare, rows
from ombud import casework, homeserver, session
from ombud.changes import Mark
from ombud.controls import staff
from ombud.homeserver import Wanted


class OpenRoom(BaseHTTPRequestHandler):
    """Answers as a homeserver does to an admin who asks about an open room."""

    def do_GET(self) -> None:
        """Of everything else it knows nothing."""
        known = self.path.startswith("/_synapse/admin/v1/rooms/")
        told = b'{"join_rules": "public"}' if known else b'{"errcode": "M_NOT_FOUND"}'
        self.send_response(200 if known else 404)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def add_a_room(run: Callable[..., Any]) -> None:
    """One more room of a homeserver."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OpenRoom) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = ("--url", f"http://127.0.0.1:{server.server_port}", "--allow", "127.0.0.1")
        run("connect matrix", "open", *place, "--server", "hs", "--room", "!a")
        run("connect room add", "open", "!c")
        server.shutdown()


def connect(run: Callable[..., Any]) -> None:
    """A platform is connected, and a program gets a key and loses it."""
    run("connect http", "forum", "--url", "http://127.0.0.1:9/hook", "--allow", "127.0.0.1")
    run("connect key", "reader", "--source", "forum/*", "--kind", "post", "--door", "events")
    run("connect secret", "forum")
    away = ("--url", "http://127.0.0.1:9", "--server", "hs", "--allow", "127.0.0.1")
    run("connect matrix", "talk", *away, "--room", "!a", "--room", "!b")
    run("connect check", "talk")
    run("connect room remove", "talk", "!b")
    run("connect room list")
    add_a_room(run)
    run("connect revoke", "reader")
    run("connect list")
    run("connect reload")


def register_demands(run: Callable[..., Any]) -> None:
    """A demand is entered, confirmed, kept secret and answered."""
    asked = ("--from", "Office", "--kind", "authority", "--words", "Look at it.")
    made = run("demands add", *asked, "--about", "nobody/there", "--clause", "spam.links")["demand"]
    run("demands confirm", made)
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    run("demands secret", made, "--until", until, "--why", "Section 1")
    run("demands answer", made, "--outcome", "refused", "--why", "It is fine.")
    run("demands list")
    run("demands show", made)


def carry_out(folder: Path) -> None:
    """A platform says that it has done what it was asked."""
    with session.engine(folder) as engine:
        text = "Cheap bags http://a.example http://b.example"
        gil = {"id": "gil", "created": "2026-11-20T08:00:00Z"}
        engine.submit([event(30, author=gil, text=text).encode()])
        query = "SELECT id FROM outbox WHERE kind = 'action' AND connector = 'forum'"
        for (name,) in rows(folder, query):
            for state in ("sending", "delivered"):
                engine.change(Mark(name, state, 1, 1))


def take_away_protection(community: Community, base: Path) -> None:
    """One of two people wants an entry gone that lets somebody off: it waits for the other."""
    before, community.folder = community.folder, listed(base / "protecting")
    with session.engine(community.folder) as engine:
        change(engine, "add", "let through", "somebody")
        for who in ("ana", "ben"):
            engine.control(staff.asked("added", who, "admin", roles=["admin", "author"]))
    community.run("lists remove", "let through", "somebody", "--by", "ana")
    community.run("lists show", "let through")
    community.folder = before


def follow_a_list(community: Community, base: Path) -> None:
    """A list that others publish: an entry by which a post is held, and one not here."""
    before, community.folder = community.folder, followed(base / "following")
    with opened(community.folder) as engine:
        publish(engine, "@spam:far", "@other:far")
        said(engine, "hello", id="@spam:far")
        take_back(engine, "@spam:far")
    why = ("--reason", "a friend of ours")
    community.run("lists quarantine", LIST, "@other:far", *why)
    community.run("lists show", LIST)
    ((case,),) = rows(community.folder, "SELECT id FROM review_case WHERE reason = 'hold'")
    community.run("cases show", case)
    community.folder = before


def leave_something(community: Community, base: Path) -> None:
    """A person labels something in a room of a homeserver, where it is in force."""
    before, community.folder = community.folder, prepare(base / "left", dict([LOOK]))
    with session.engine(community.folder) as engine:
        wanted = Wanted("http://127.0.0.1:9", "hs", ["!a", "!b"], allow=["127.0.0.1"])
        homeserver.connect(engine, "talk", wanted)
        post = told_of(1, text="look", source="talk/!b", room={"id": "!b"})
        engine.submit([line(post)])
        ((case,),) = rows(community.folder, "SELECT id FROM review_case")
        acts = [{"action": "label", "text": "disputed"}]
        asked = {"case": case, "by": "mia", "outcome": "uphold", "acts": acts}
        casework.perform(engine, "decide case", asked)
    community.run("connect room in-force", "talk", "!b")
    community.folder = before


def hear_nobody(community: Community, base: Path) -> None:
    """Somebody of the staff is heard in a moderators' room, and then no more."""
    before, community.folder = community.folder, listed(base / "heard")
    with session.engine(community.folder) as engine:
        engine.control(staff.asked("added", "ana", "admin", roles=["admin"]))
        (ana,) = engine.staff
        told = {"platform": "talk", "account": "@ana:talk.example"}
        engine.control(staff.asked("bound", ana, ana, **told))
    community.run("staff show", "ana")
    community.run("staff unbind", "ana")
    community.folder = before


def answer_outside(community: Community, base: Path) -> None:
    """A demand; and what a platform tells, held against what was decided."""
    run = community.run
    hear_nobody(community, base)
    leave_something(community, base)
    run("clock show")
    run("clock confirm")
    register_demands(run)
    carry_out(community.folder)
    follow_a_list(community, base)
    told = base / "restricted.ndjson"
    told.write_text('{"subject": "post/nobodys", "action": "ban", "account": "x", "since": "y"}')
    run("reconcile", "forum", "--file", told)
