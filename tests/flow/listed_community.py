"""A small community whose rules ask lists of every kind, for the stories about lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flow.small_community import agrees_with_replay, event, line, prepare, rule
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.controls import lists, watching
from ombud.signals.lists.terms import key
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

RULES = dict(
    [
        rule(
            "words",
            'text in list "bad words"',
            'text in list "bad words"  yes',
            'text in list "bad words"  no',
        ),
        rule(
            "sites",
            'links any in list "bad sites"',
            'links any in list "bad sites"  yes',
            'links any in list "bad sites"  no',
        ),
        rule(
            "people",
            'author in list "known people"\n  text.length > 1',
            'author in list "known people"  yes\n  text  "hello"',
            'author in list "known people"  no\n  text  "hello"',
        ),
        rule(
            "names",
            'author.name resembles list "our names" >= 90 %',
            'author.name resembles list "our names"  95 %',
            'author.name resembles list "our names"  10 %',
        ),
        rule(
            "exempt",
            'text contains "bags"\n\nunless\n  author in list "let through"',
            'text  "bags"\n  author in list "let through"  no',
            'text  "bags"\n  author in list "let through"  yes',
        ),
    ]
)
LISTS = {
    "bad-words.txt": "viagr*\ncasino\ninclude: more words\n",
    "more-words.txt": "free money\n",
    "bad-sites.txt": "bad.example\n*.worse.example\n",
    "known-people.txt": "person1\nPerson2\n",
    "our-names.txt": "Ana Nguyen\n",
    "let-through.txt": "",
}


def listed(folder: Path) -> Path:
    """The folder of that community, not yet started."""
    prepare(folder, RULES)
    (folder / "lists").mkdir(exist_ok=True)
    for name, text in LISTS.items():
        (folder / "lists" / name).write_text(text, encoding="utf-8")
    return folder


def change(engine: Engine, do: str, name: str, term: str, **more: Any) -> Any:
    """Change a list by one entry. What is added counts at once, since somebody else confirms it,
    unless it is to begin on `watch`.
    """
    new, watch = more.pop("new", False), more.pop("watch", False)
    about = lists.line(name, term, **more)
    done = engine.change_list(do, name, about, new=new)
    if do == "add" and not watch:
        confirm(engine, name, term)
    return done


def take_in(engine: Engine, name: str, content: bytes, source: str, **more: Any) -> Any:
    """Import a file, and have it confirmed."""
    about = lists.file_of(name, content, source)
    done = engine.change_list("import", name, about, **more)
    confirm(engine, name, about.listed.terms[0])
    return done


def confirm(engine: Engine, name: str, term: str) -> None:
    """Confirm an entry with what came with it, where it is on watch, having seen what it did."""
    changes, known = engine.writer.pipeline.community.lists[name], key(term)
    batch = changes.batch_of(known, engine.writer.pipeline.recv)
    if batch is not None:
        beside = Store(engine.folder / STORE_FILE, readonly=True)  # the writer has its own
        seen = watching.matched(beside, changes, batch, known)
        beside.close()
        engine.change_list("confirm", name, lists.line(name, term), whole=True, seen=seen)


def said(engine: Engine, text: str, at: float = 0, **author: str) -> set[str]:
    """A post: the rules that fired on it."""
    seq = engine.writer.pipeline.seq
    told = event(f"s{seq}", at or seq, text=text, author={"id": "somebody", **author})
    return set(engine.submit([line(told)])[0].fired)  # type: ignore[union-attr]


def lists_of(community: Community) -> Any:
    """What a community's memory holds of all lists, in a form that compares."""
    held = {
        name: (
            changes.seq,
            changes.imported,
            sorted(map(str, changes.entries())),
            sorted(changes.spoken),
            dict(changes.quarantine),
        )
        for name, changes in community.lists.items()
    }
    return held, community.active.digest, dict(community.active.manifest["lists"])


def all_agree(engine: Engine) -> None:
    """The running engine and its replay hold the same, lists included."""
    run = agrees_with_replay(engine)
    assert lists_of(run.community) == lists_of(engine.writer.pipeline.community)
