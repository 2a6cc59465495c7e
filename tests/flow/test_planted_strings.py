"""Words that nobody may read outside, planted wherever people write or are named, and looked for in
all that comes out: what the server prints and logs, public pages and feeds, the public log, the
files for the DSA, what commands print. With the real server, in a process of its own.
"""

from __future__ import annotations

import base64
import html
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from cli.command_line import run
from flow.case_desk import DESK_RULES, ask, bags, decide, shoes, waiting
from flow.demanded import demand, step
from flow.planted import readable, told_in
from flow.platform_side import Platform, connected
from flow.small_community import event, rows
from ombud import casework, clock, daywork, platforms, transparency
from ombud.access import PlatformKey
from ombud.appeals import AppealMade

WORDS = {
    "an account": "xqz-account-4711",
    "a name": "Xqzviktoria Unverwechselbar",
    "what was said": "xqzmarzipanschwein im nebel",
    "a link": "xqz-geheimnisvoll.example",
    "a room": "xqz-hinterzimmer",
    "why somebody flagged": "xqzstrassenbahnflagge",
    "who flagged": "xqz-melderin-0815",
    "a reviewer's note": "xqzkrokodilnotiz",
    "a reviewer's name": "xqzmoderatorin",
    "what a reviewer told the person": "xqzbegruendung im wortlaut",
    "an appeal": "xqzwiderspruch mit trompete",
    "an answer to an appeal": "xqzantwort auf trompete",
    "the words of a demand": "xqzforderung bitte loeschen",
    "the reference of a demand": "xqz-aktenzeichen-99",
    "whom a demand names": "xqz-genannter-mensch",
    "who demands in secret": "Xqzgeheimamt Beispiel",
    "the basis of a secret demand": "Xqzparagraf 7 Geheimgesetz",
    "why something was answered so": "xqzvermerk zur antwort",
    "why somebody was looked up": "xqznachschlagegrund",
}
SENT = {  # to the server by whoever comes by
    "a path": "xqzpfad-bruchstueck",
    "a query": "xqzabfrage-bruchstueck",
    "a header": "xqzkopfzeile-bruchstueck",
    "a key that is none": "xqzschluessel-der-keiner-ist",
    "a broken event": "xqzkaputtes-ereignis",
    "an event that is refused": "xqzabgelehntes-ereignis",
    "a name at the door": "xqznutzername-an-der-tuer",
    "a password": "xqzpasswort-an-der-tuer",
    "a link of a notice": "xqzverweis-eines-bescheids",
    "what is no request": "xqzkeine-anfrage",
}
PAGES = (
    *("/", "/ledger", "/transparency", "/transparency.json", "/transparency.atom"),
    *(
        f"/transparency/{what}{end}"
        for what in ("demands", "rules")
        for end in ("", ".json", ".atom")
    ),
    *("/transparency/rules/history?rule=bags", "/transparency/rules/history?clause=spam.links"),
    *("/openapi.json", "/metrics", "/health", "/ready", "/login"),
)
PATIENCE_SECONDS = 60


@dataclass
class Came:
    """All that came out, by where; and what is a secret of the machine."""

    folder: Path
    out: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


def lived(platform: Platform, came: Came) -> None:
    """What happens in a community, with a word planted wherever somebody writes."""
    author = {"id": WORDS["an account"], "name": WORDS["a name"]}
    said = f"cheap bags {WORDS['what was said']} http://{WORDS['a link']}/a"
    room = {"id": WORDS["a room"], "name": WORDS["a room"]}
    told = platform.stream(
        event(1, 1, text=said, author=author, room=room),
        event(2, 2, text=said.replace("bags", "shoes"), author=author, room=room),
        bags(3, "lan", 3),
        shoes(4, "lan", 4),
    )
    flag = event(5, 9, type="flag.created", reason=WORDS["why somebody flagged"], text=None)
    flag["data"] |= {
        "reporter": {"id": WORDS["who flagged"]},
        "reported": {"id": "post/1", "author": author},
        "author": None,
    }
    flag["data"] = {name: each for name, each in flag["data"].items() if each is not None}
    platform.stream(flag)
    worked(platform, told[1].seq, came)
    platform.deliver()


def worked(platform: Platform, asked: int, came: Came) -> None:
    """What the staff do about it, about record `asked` first of all."""
    mia = WORDS["a reviewer's name"]
    for case in waiting(platform):
        ask(platform, "note", case, by=mia, text=WORDS["a reviewer's note"], lasts=10**12)
    (case,) = rows(
        platform.folder,
        "SELECT s.id FROM case_subject s JOIN review_case c USING (id) WHERE record = ? "
        "AND c.reason = 'no licence'",
        asked,
    )[0]
    why = {"en": WORDS["what a reviewer told the person"]}
    made = decide(platform, case, "uphold", "remove", by=mia, why=why)["decisions"][0]
    (page,) = rows(platform.folder, "SELECT statement FROM notice WHERE decision = ?", made)[0]
    token = platform.token(page)
    platform.engine.change(AppealMade(token, made, WORDS["an appeal"]))
    (appeal,) = rows(platform.folder, "SELECT id FROM appeal")[0]
    answer = {"en": WORDS["an answer to an appeal"]}
    casework.perform(
        platform.engine, "answer appeal", {"appeal": appeal, "by": mia, "text": answer}
    )
    named = [WORDS["whom a demand names"], "post/1"]
    words = {
        "words": WORDS["the words of a demand"],
        "reference": WORDS["the reference of a demand"],
    }
    first = demand(platform.engine, *named, by=mia, **words)
    step(platform.engine, "confirm", first, by=mia)
    because = WORDS["why something was answered so"]
    step(platform.engine, "answer", first, by=mia, outcome="refused", why=because)
    demand(
        platform.engine,
        *named,
        by=mia,
        who=WORDS["who demands in secret"],
        basis=WORDS["the basis of a secret demand"],
        secret_until=clock.rfc3339(clock.now() + 100 * clock.DAY),
        secret_why="Section 30 Example Act",
        **words,
    )
    about = {"kind": "member", "platform": "chat", "name": WORDS["an account"], "by": mia}
    daywork.perform(
        platform.engine,
        "look up",
        {**about, "reason": WORDS["why somebody was looked up"]},
    )
    wanted = PlatformKey(name="talk", sources=("chat/*",))
    came.secrets["the key of a platform"] = platforms.make_key(platform.engine, wanted, mia)
    came.secrets["the secret of a platform"] = platforms.make_secret(platform.engine, "chat", mia)
    came.secrets["the link of a page"] = token


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory) -> Came:
    """A community in which all of it was planted, and everything that came out of it."""
    base = tmp_path_factory.mktemp("planted")
    found = Came(base / "data")
    with connected(found.folder, rules=DESK_RULES, clock=[clock.now()]) as platform:
        lived(platform, found)
    served(found)
    commands(found, base)
    ledger = found.folder / transparency.FOLDER
    found.out |= {f"log/{path.name}": path.read_bytes() for path in files(ledger)}
    return found


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


class Process:
    """`ombud serve` with all that it logs, in a process of its own; what it prints is kept."""

    def __init__(self, folder: Path, printed: Path) -> None:
        words = ["serve", "--data", str(folder), "--port", "0", "--log-level", "debug"]
        with printed.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ombud.cli", *words], stdout=out, stderr=subprocess.STDOUT
            )
        until = clock.now() + PATIENCE_SECONDS * clock.SECOND
        while (found := re.search(rb"http://127.0.0.1:(\d+)\n", printed.read_bytes())) is None:
            assert self.process.poll() is None, printed.read_text()
            assert clock.now() < until, printed.read_text()
        self.port = int(found[1])

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """One request; the status, and all that came back."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            return answer.status, str(answer.headers).encode() + answer.read()
        finally:
            asked.close()

    def end(self) -> int:
        """As by Ctrl-C; the exit code."""
        try:
            self.process.send_signal(signal.SIGINT)
            return self.process.wait(PATIENCE_SECONDS)
        finally:
            self.process.kill()


def served(came: Came) -> None:
    """The server meets everything that somebody may send, and shows its pages to anybody."""
    printed = came.folder.parent / "printed"
    server = Process(came.folder, printed)
    try:
        for path in PAGES:
            status, came.out[path] = server.ask("GET", path)
            assert status in (200, 303, 401), (path, status)
        sent(server, came)
    finally:
        assert server.end() == 0
    came.out["what the server printed"] = printed.read_bytes()


def sent(server: Process, came: Came) -> None:
    """What nobody should send; and an event that is taken, with the words of people in it."""
    key = {"authorization": f"Bearer {came.secrets['the key of a platform']}"}
    as_json = {**key, "content-type": "application/json"}
    notice = f"/notice/{came.secrets['the link of a page']}"
    assert server.ask("GET", notice)[0] == 200
    again = {"id": WORDS["an account"], "name": WORDS["a name"]}
    taken = event("s1", 20, text=WORDS["what was said"], author=again)
    assert server.ask("POST", "/v1/events", json.dumps(taken), **as_json)[0] == 200
    asked = f"/v1/statements?platform=chat&account={WORDS['an account']}"
    assert server.ask("GET", asked, **key)[0] == 200
    bad = {**taken, "type": SENT["an event that is refused"]}
    strange: tuple[tuple[str, str, str | None, dict[str, str]], ...] = (
        ("GET", f"/{SENT['a path']}", None, {}),
        ("GET", f"/transparency/rules/history?rule={SENT['a query']}", None, {}),
        ("GET", f"/cases?q={SENT['a query']}", None, {"cookie": f"session={SENT['a header']}"}),
        ("POST", "/v1/events", "{}", {"authorization": f"Bearer {SENT['a key that is none']}"}),
        ("POST", "/v1/events", f'{{"{SENT["a broken event"]}', as_json),
        ("POST", "/v1/events", json.dumps(bad), as_json),
        ("GET", f"/notice/{SENT['a link of a notice']}", None, {"user-agent": SENT["a header"]}),
        ("POST", f"{notice}/appeal", f"text={SENT['a query']}", {"origin": SENT["a header"]}),
        ("BREW", f"/v1/events/{SENT['a path']}", None, {"referer": SENT["a header"]}),
    )
    for method, path, body, headers in strange:
        status, _ = server.ask(method, path, body, **headers)
        assert status < 500, (method, path, status)
    form = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    name, password = (quote(SENT[each]) for each in ("a name at the door", "a password"))
    server.ask("POST", "/login", f"name={name}&password={password}", **form)
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS) as raw:
        raw.sendall(f"{SENT['what is no request']}\r\n\r\n".encode())
        assert b"400" in raw.recv(1 << 16)


def commands(came: Came, base: Path) -> None:
    """What commands write for others, and what they print about it."""
    year = clock.day(clock.now())[:4]
    for name, words in (
        ("dsa", ("--all",)),
        ("regulation", ("--from", f"{year}-01-01", "--to", f"{year}-12-31")),
        ("public", ()),
    ):
        out = base / name
        done = run("transparency", name, "--out", out, *words, "--data", came.folder)
        assert done.exit_code == 0, done.output
        came.out[f"printed by {name}"] = done.output.encode()
        came.out |= {f"{name}/{each.relative_to(out)}": each.read_bytes() for each in files(out)}
    data = ("--data", str(came.folder))
    for command in (
        ("replay", "--check", *data),
        ("ledger", "verify", str(base / "public")),
        ("retention", "run", *data),
    ):
        came.out[f"printed by {command[0]}"] = run(*command).output.encode()


def test_what_is_looked_for_is_there(came: Came) -> None:
    """Each word can be read by whoever has the folder and its keys, or the rest says nothing."""
    for where, word in WORDS.items():
        assert readable(came.folder, [word]), where


def test_all_that_comes_out_is_looked_at(came: Came) -> None:
    """Statements, sheets, pages, feeds and the log's files, each with something in it."""
    names = " ".join(came.out)
    assert len([name for name in came.out if name.startswith("regulation/")]) == 11
    assert "dsa/" in names
    assert "log/checkpoint" in names
    assert b"decision_facts" in b"".join(came.out[each] for each in came.out if "dsa/" in each)
    assert b"Landesamt Beispiel" in came.out["/transparency/demands"]
    assert came.out["what the server printed"].count(b'"status"') > len(PAGES)
    assert all(came.out.values())


def test_no_word_of_anybody_comes_out(came: Came) -> None:
    """Nowhere, in no writing."""
    words = [*WORDS.values(), *SENT.values(), *came.secrets.values()]
    found = {where: told_in(content, words) for where, content in came.out.items()}
    assert {where: told for where, told in found.items() if told} == {}


def test_a_word_is_found_in_any_writing() -> None:
    """What the tests above go by finds what it should."""
    word = 'xqz "ein" wort & mehr'
    for said in (
        *(word, word.upper(), json.dumps(word), quote(word), html.escape(word)),
        *(word.encode().hex(), base64.b64encode(b"ab" + word.encode() + b"c").decode()),
    ):
        assert told_in(f"davor {said} danach".encode(), [word]) == {word}
    assert told_in(b"xqz ein wort", [word]) == set()
