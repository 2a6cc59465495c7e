"""What is saved of an incident: sentences, and hostile words that stay words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ombud.i18n import SPOKEN
from ombud.web import incidentfile, words
from web.pretend_community import HOSTILE

TIME = "2026-03-01T12:00:00Z"
HOSTILE_MARKDOWN = (
    *HOSTILE,
    "``` \n# heading\n```\n[a](javascript:x) <script>x</script> ![i](//x.example/a.png)",
    "````\n\n    code\n\n> quote",
    "=cmd|' /C calc'!A0\n+1,=2\t@SUM(A1)",
    "a\n\n\nb\r\nc\u2028d",
)


def case(**more: Any) -> dict[str, Any]:
    """A case of a file."""
    made: dict[str, Any] = {
        "id": "cas_1",
        "clause": "spam.links",
        "titles": {"en": "Spam", "vi": "Rác"},
        "rule": "bags",
        "closed": None,
        "place": TIME,
        "waiting": 2,
        "urgent": True,
        "snoozed_until": TIME,
        "second_needed": True,
        "with": {"role": "reviewer", "name": "bình"},
        "notes": [],
        "texts": True,
    }
    return {**made, **more}


def came(text: str, **more: Any) -> dict[str, Any]:
    """A post that came in."""
    told = {"subject": "post/1", "account": "ana", "name": "Ana", "room": "hall", "text": text}
    made: dict[str, Any] = {
        "time": TIME,
        "kind": "came",
        "case": "cas_1",
        "count": 1,
        "cut": False,
        "what": "post",
    }
    return {**made, **told, "more": 0, "gone": False, "same": False, **more}


def file(*timeline: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file."""
    made: dict[str, Any] = {
        "since": None,
        "until": None,
        "made": TIME,
        "cases": [case()],
        "hidden": 0,
    }
    return {**made, "more_cases": False, "texts": True, "timeline": list(timeline), **more}


def markdown(*timeline: dict[str, Any], lang: str = "en", **more: Any) -> str:
    """What is saved."""
    return incidentfile.as_markdown(file(*timeline, **more), lang, "The Riverside").decode()


@pytest.mark.parametrize("lang", SPOKEN)
def test_a_file_is_saved_with_what_is_open_and_what_happened(lang: str) -> None:
    """In the words of the page; with roles, and no name of anybody on the staff."""
    said = markdown(came("cheap bags"), lang=lang)
    assert said.startswith(f"# {words.TEXTS['incident.heading'][lang]}\n")
    assert "    cheap bags" in said
    assert words.TEXTS["incident.case.second"][lang] in said
    assert "bình" not in said
    kept = json.loads(incidentfile.as_json(file(came("cheap bags"))))
    assert kept["cases"][0]["with"] == {"role": "reviewer"}
    assert kept["timeline"][0]["text"] == "cheap bags"


@pytest.mark.parametrize("hostile", HOSTILE_MARKDOWN)
def test_nothing_that_was_written_ends_its_block(hostile: str) -> None:
    """Every line of ours begins as ours do; every line of theirs is indented, or in code."""
    said = markdown(
        came(hostile, name=hostile[:50], account=hostile[:50], room=hostile[:50]),
        cases=[
            case(notes=[{"made": TIME, "until": TIME, "text": hostile}], titles={"en": hostile})
        ],
    )
    ours = re.compile(r"(#{1,3} |\*\*|    |`|As it stood|2 still|Note of|$)")
    for line in said.split("\n"):
        assert ours.match(line), line
        bare = re.sub(r"(`+) .*? \1(?!`)|`[^`]*`", "", line)
        if not line.startswith("    "):
            assert not re.search(r"[<>\[\]]|javascript|x\.example", bare), line
    assert not words.UNSEEN.search(said.replace("\n", ""))


@pytest.mark.parametrize("hostile", HOSTILE_MARKDOWN)
def test_no_spreadsheet_finds_a_formula(hostile: str) -> None:
    """Neither in the text nor in the data, however its lines are parted."""
    said = markdown(came(hostile, name=hostile[:50]))
    data = json.loads(incidentfile.as_json(file(came(hostile))))["timeline"][0]["text"]
    for text in (said, data):
        for cell in re.split(r"[\n\t,;|]", text):
            assert not re.match(r"\s*[=+@]|\s*-\S", cell.lstrip("`'\"").rstrip()) or (
                re.match(r"[\s\"]*'", cell.lstrip("`"))
            ), cell
    incidentfile.as_json(file(came(hostile))).decode("ascii")


def test_what_is_left_out_is_said() -> None:
    """Cases of other queues, of a long night; texts of who may not judge."""
    said = markdown(hidden=3, more_cases=True, texts=False)
    for words_ in ("3 cases stand in queues", "the first 1", "only for who judges the case"):
        assert words_ in said


def test_a_closed_case_has_no_open_points() -> None:
    """But that it is closed."""
    assert incidentfile.open_points(case(closed=TIME)) == [("incident.case.closed", {"time": TIME})]
    assert ("incident.case.nobody", {}) in incidentfile.open_points(case(**{"with": None}))
