"""Any course of list changes, reloads and restarts is told the same by all who tell it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.listed_community import all_agree, change, listed, said
from flow.small_community import NOW, check, event, line
from ombud import runs
from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadUse

WORDS = ("viagra", "casino", "slots", "free money", "person1", "bad.example", "x.worse.example")
NAMES = ("bad words", "more words", "bad sites", "known people", "let through")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(WORDS), st.sampled_from(("person1", "ana"))),
        st.tuples(st.sampled_from(lists.SINGLE), st.sampled_from(NAMES), st.sampled_from(WORDS)),
        st.tuples(st.just("import"), st.sampled_from(NAMES), st.just("slots\ncasino\nana")),
        st.tuples(st.just("file"), st.sampled_from(NAMES[:3]), st.sampled_from(WORDS)),
        st.tuples(st.just("reopen"), st.just(""), st.just("")),
    ),
    min_size=5,
    max_size=25,
)


@given(steps)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_course_of_changes_is_told_the_same(
    tmp_path_factory: pytest.TempPathFactory, course: list[tuple[str, str, str]]
) -> None:
    """Live, started anew and replayed: the same lists, the same verdicts, the same digests."""
    folder = listed(tmp_path_factory.mktemp("course") / "folder")
    engine = Engine(folder, now=lambda: NOW)
    for number, (do, name, what) in enumerate(course):
        if do == "say":
            told = event(number, number, text=f"{name} http://{name}", author={"id": what})
            engine.submit([line(told)])
        elif do == "import":
            about = lists.file_of(name, what.encode(), "elsewhere")
            engine.change_list("import", name, about)
        elif do == "file":
            (folder / "lists" / f"{name.replace(' ', '-')}.txt").write_text(what)
            engine.reload()
        elif do == "reopen":
            engine.close()
            engine = Engine(folder, now=lambda: NOW)
        else:
            with suppress(BadUse):
                change(engine, do, name, what)
    all_agree(engine)
    engine.close()
    with Engine(folder, now=lambda: NOW) as engine:
        all_agree(engine)
    assert check(folder).differences == []
    shutil.rmtree(folder)


def test_other_rules_are_tried_with_the_lists_as_they_stand(tmp_path: Path) -> None:
    """Changes of the store are seen over the whole past, as their files are; a list of the store
    alone is known.
    """
    folder, other = listed(tmp_path / "folder"), tmp_path / "other"
    other.mkdir()
    text = (folder / "rules" / "words.rule").read_text()
    (other / "words.rule").write_text(text)
    new = text.replace("bad words", "new words").replace("rule words", "rule others")
    (other / "others.rule").write_text(new)
    with Engine(folder, now=lambda: NOW) as engine:
        for each in ("slots", "casino", "poker"):
            assert said(engine, each) == ({"words"} if each == "casino" else set())
        change(engine, "add", "bad words", "slots")
        change(engine, "quarantine", "bad words", "casino")
        change(engine, "add", "new words", "poker", new=True)
    found = runs.tried(folder, runs.Asked(other))
    assert {each["name"]: each["few"] for each in found["items"]} == {"words": True, "others": True}
