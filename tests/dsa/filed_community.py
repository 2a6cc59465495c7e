"""A small community with decisions to file, and a database to send them to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw

from flow.small_community import NOW, SETTINGS, event, line, prepare
from ombud import session
from ombud.app import Engine
from ombud.config import STORE_FILE, Dsa
from ombud.dsa import statements
from ombud.dsa.submission import Database, Done, Submission
from ombud.store.sqlite import Store

TOKEN = "secret-token"
LIMIT = 50  # tries that a test waits for at most


def held(folder: Path, count: int, settings: str = "") -> Path:
    """A community that has held so many posts, each of somebody else."""
    prepare(folder, settings=SETTINGS + settings)
    posts = [
        event(number, number, text="cheap bags", author={"id": f"p{number}"})
        for number in range(count)
    ]
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest(map(line, posts))
    return folder


def section(url: str, more: str = "") -> str:
    """The settings of the database at a URL, with its token in a file."""
    return f'\n[dsa]\nurl = "{url}"\ntoken_file = "token"\nallow = ["127.0.0.1"]\n{more}'


def terms(url: str, timeout: int = 30) -> Dsa:
    """The same as an object."""
    return Dsa(url=url, allow=("127.0.0.1",), timeout_seconds=timeout)


def send(
    folder: Path,
    found: Dsa,
    *,
    sleep: Callable[[float], object] = lambda _: None,
    token: str = TOKEN,
) -> Done:
    """File what there is and send it, in this process; what was done, also where it then stops."""
    database = Database(found, token)
    with session.asking(folder) as ask:
        store = Store(folder / STORE_FILE, readonly=True)
        try:
            statements.Filer(ask, store).whole()
            return Submission(store, found, database, ask, lambda _: None, sleep).run()
        finally:
            store.close()
            database.close()


def standing(folder: Path) -> dict[str, int]:
    """How many statements stand where; states without any are left out."""
    store = Store(folder / STORE_FILE, readonly=True)
    try:
        counts: dict[str, int] = statements.standing(store)["statements"]
        return {state: count for state, count in counts.items() if count}
    finally:
        store.close()


def change(folder: Path, *statements: str) -> None:
    """Change what a community keeps, past its engine, in one transaction."""
    connection = apsw.Connection(str(folder / STORE_FILE))
    connection.set_busy_timeout(10_000)
    with connection:
        for each in statements:
            connection.execute(each)
    connection.close()
