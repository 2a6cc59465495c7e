"""Who runs a community, from its first start on: served as in earnest, by forms, over a restart."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from cli.command_line import printed, run
from flow.small_community import hold_together, prepare, replayed, rows
from ombud import server, transparency
from staff.at_the_entrance import PASSWORD
from web.served import logs_restored

NAMES = ("Annemarie", "Quangminh")
FIRST = (303, "/me?done=first")  # where who runs the community comes to, once there is an account
PATIENCE_SECONDS = 60


class Person:
    """Somebody's browser."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Open a page or send a form: status, where it leads, and what is on it."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is None:
            asked.request("GET", path, headers=headers)
        else:
            headers["content-type"] = "application/x-www-form-urlencoded"
            headers["sec-fetch-site"] = "same-origin"
            asked.request("POST", path, urlencode(fields), headers)
        answer = asked.getresponse()
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        body = answer.read().decode()
        asked.close()
        return answer.status, answer.headers.get("location", ""), body

    def form(self) -> str:
        """The token of their forms."""
        found = re.search(r'name="form" value="([^"]*)"', self.ask("/me")[2])
        assert found is not None
        return found[1]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, str]]:
    """`ombud serve`, in a thread: its port, and the link for the first account."""
    running = server.of_community(folder, "127.0.0.1", 0)
    found: list[str] = []
    thread = Thread(target=lambda: running.run(found.append))
    with logs_restored():
        thread.start()
        while not found:
            assert thread.is_alive()
            thread.join(0.01)
        try:
            yield int(found[0].rpartition(":")[2]), running.first_link
        finally:
            running.stop()
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()


def test_the_people_of_a_community(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """First start, a second person by link, other roles, suspension that ends sessions at once, a
    restart; replay says the same, the public log holds, and no name is anywhere but in the key
    file.
    """
    folder = prepare(tmp_path / "data")
    with serving(folder) as (port, link):
        assert link.startswith(f"http://localhost:{port}/start/")
        first, second = Person(port), Person(port)
        path = link.partition(f":{port}")[2]
        assert "The first account" in first.ask(path)[2]
        assert first.ask(path, {"name": NAMES[0], "password": PASSWORD})[:2] == FIRST
        assert second.ask(path)[0] == 404

        fields = {"form": first.form(), "do": "added", "name": NAMES[1], "role": "reviewer"}
        page = first.ask("/staff", fields)[2]
        found = re.search(r"http://127\.0\.0\.1:\d+(/link/[\w-]+)", page)
        assert found is not None
        assert second.ask(found[1], {"password": PASSWORD})[:2] == (303, "/me")
        assert second.ask("/staff")[0] == 403
        assert second.ask(found[1], {"password": PASSWORD})[0] == 404

        words = ("--role", "admin", "--role", "auditor", "--by", NAMES[0], "--data", folder)
        run("staff", "roles", NAMES[1], *words)
        assert second.ask("/staff")[0] == 200
        run("staff", "suspend", NAMES[1], "--by", NAMES[0], "--data", folder)
        assert second.ask("/me")[:2] == (303, "/login")
        assert second.ask("/login", {"name": NAMES[1], "password": PASSWORD})[0] == 422
        assert first.ask("/me")[0] == 200
    with serving(folder) as (port, link):
        assert link == ""
        first.port = second.port = port
        assert first.ask("/me")[0] == 200
        assert second.ask("/me")[0] == 303
        first.ask("/logout", {"form": first.form()})
        assert first.ask("/me")[0] == 303
        run("staff", "restore", NAMES[1], "--data", folder)
        assert second.ask("/me")[0] == 303
        assert second.ask("/login", {"name": NAMES[1], "password": PASSWORD})[0] == 303
    _hold(folder, capfd.readouterr())


def _hold(folder: Path, logged: object) -> None:
    """What must be so afterwards."""
    hold_together(folder)
    outcome = replayed(folder).outcome
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert outcome.same == outcome.checked
    entries = [json.loads(row[0]) for row in rows(folder, "SELECT entry FROM leaf")]
    told = [each["outcome"] for each in entries if each["type"] == "staff"]
    assert told == [
        "added: admin, author, reviewer, appeals reviewer",
        "added: reviewer",
        "roles: admin, auditor",
        "suspended: admin, auditor",
        "restored: admin, auditor",
    ]
    assert printed("ledger", "verify", folder / transparency.FOLDER)["ok"]
    holding = set()
    for name in NAMES:
        assert name.casefold() not in str(logged).casefold()
        for path in folder.rglob("*"):
            if path.is_file() and name[1:].encode() in path.read_bytes():
                holding.add(path.name.partition("-")[0])
    assert holding == {"ombud.keys"}
    names = [each["name"] for each in printed("staff", "list", "--data", folder)["items"]]
    assert names == list(NAMES)
