"""A community on Matrix in which people decide about accounts, for the stories about advice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flow.followed_community import RULES
from flow.small_community import event, line, prepare, rows
from ombud import casework, homeserver, session
from ombud.app import Engine
from ombud.changes import Mark
from ombud.homeserver import Wanted

WANTED = Wanted("http://127.0.0.1:1", "hs", ["!a"], allow=["127.0.0.1"])
OWN = "!own:hs"
DAY = 86_400_000_000


@contextmanager
def community(
    folder: Path, told: str = f'publish = "{OWN}"\nclauses = ["spam.links"]\n'
) -> Iterator[Engine]:
    """Its engine, with a homeserver and a list of its own."""
    prepare(folder, {"bags.rule": RULES["bags.rule"]})
    with session.engine(folder) as engine:
        homeserver.connect(engine, "talk", WANTED)
        settle(engine, told)
        yield engine


def settle(engine: Engine, told: str) -> None:
    """Let the settings say something else of the list."""
    file = engine.folder / "ombud.toml"
    text = file.read_text().partition("[matrix.talk.policies]")[0]
    file.write_text(f"{text}[matrix.talk.policies]\n{told}")
    engine.reload()


def decide(engine: Engine, account: str, action: str = "suspend", *, done: bool = True) -> str:
    """A person decides about an account after a rule has asked, the platform does it, and whoever
    it is about gets their message.
    """
    seq = engine.writer.pipeline.seq
    told = event(f"d{seq}", seq, text="cheap bags", author={"id": account}, room={"id": "!a"})
    told["source"] = "talk/!a"
    engine.submit([line(told)])
    query = "SELECT id FROM review_case WHERE closed IS NULL ORDER BY opened DESC, id LIMIT 1"
    ((case,),) = rows(engine.folder, query)
    act: dict[str, Any] = {"action": action, "on": "author", "length": DAY}
    casework.perform(engine, "decide case", {"case": case, "outcome": "uphold", "acts": [act]})
    ((decision,),) = rows(
        engine.folder, "SELECT id FROM decision WHERE action = ? ORDER BY leaf DESC LIMIT 1", action
    )
    if done:
        carried_out(engine, decision)
    return str(decision)


def carried_out(engine: Engine, decision: str) -> None:
    """The platform says that it has done what was decided, and told it."""
    went_out(engine, decision, "action")
    went_out(engine, decision, "notice")


def went_out(engine: Engine, decision: str, kind: str) -> None:
    """What was to be done about a decision, or to be told of it, has gone out."""
    query = "SELECT id FROM outbox WHERE kind = ? AND decision = ? AND state = 'asked'"
    for (name,) in rows(engine.folder, query, kind, decision):
        for state in ("sending", "confirmed"):
            engine.change(Mark(name, state, 1, 1))
