"""The pages of second looks and of figures: blind; own figures for oneself alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags
from flow.small_community import line, prepare
from ombud import casework
from ombud.actions import UNDO_WINDOW_OF_PEOPLE
from ombud.lookbook import Lookbook, Part
from ombud.review import drawing
from ombud.review.agreement import agreement
from ombud.staff.care import Care
from web.console.staff_pages import NAMED, Browser, open_pages, said

WROTE = "cheap bags <script>alert(1)</script> \u202e http://x.example/a.png"


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A community in which Ana judged something that is drawn, with Mia beside her; Mia is in."""
    monkeypatch.setattr(drawing, "USUAL", 1000)
    prepare(tmp_path, DESK_RULES, "procedural_holds = true\n" + NAMED)
    with open_pages(tmp_path) as found:
        found.first()
        told = bags(1)
        told["data"]["text"] = WROTE
        engine = found.place.engine
        engine.submit([line(told)])
        asked: dict[str, Any] = {"by": "Ana", "queue": ""}
        asked["case"] = casework.perform(engine, "claim case", asked)["case"]
        casework.perform(engine, "give case back", asked)
        casework.perform(engine, "decide case", {**asked, "outcome": "release", "acts": []})
        found.place.clock.at += UNDO_WINDOW_OF_PEOPLE + 1000
        found.forget()
        found.client.cookies.set("ombud", found.place.newcomer("Mia", "reviewer").cookie)
        yield found


def ask(browser: Browser, **fields: str) -> Any:
    """Send a form of the page."""
    return browser.send("/looks", {"form": browser.token(), **fields})


def test_one_thing_after_another(busy: Browser) -> None:
    """Asked for, shown with its clause, answered; then nothing more waits, and one's own figures
    have changed.
    """
    page = busy.get("/looks")
    assert "There is nothing to compare yet" in said(page)
    assert "cheap bags" not in page.text
    assert ask(busy, do="next").headers["location"] == "/looks"
    page = busy.get("/looks")
    assert "Several links by newcomers" in said(page)
    look = re.findall(r'name="look" value="([^"]*)"', page.text)[0]
    done = ask(busy, do="answer", look=look, said="released")
    assert done.headers["location"] == "/looks?done=looked.last"
    page = said(busy.get("/looks?done=looked.last"))
    assert "Nothing more waits for you" in page
    assert "In 1 of 1 second looks" in page
    assert ask(busy, do="next").headers["location"] == "/looks?done=looks.none"


def test_it_is_blind_and_harmless(busy: Browser) -> None:
    """No word of how it was judged or by whom; what was written is text, with nothing to load."""
    ask(busy, do="next")
    page = busy.get("/looks").text
    body = page.partition("<main")[2].partition('<section aria-labelledby="own"')[0]
    for word in ("Ana", "hold", "is_released", "bags-rule", "ana"):
        assert not re.search(rf"\b{word}\b", body), word
    assert "&lt;script&gt;" in body
    assert "\u202e" not in body
    assert not re.search(r"<(img|video|audio|iframe|object|a )", body)
    assert 'tabindex="0"' not in body
    busy.place.engine.credentials.set_care(_token(busy, "mia"), Care(blur=True))
    assert 'tabindex="0"><p class="written">' in busy.get("/looks").text


def _token(browser: Browser, name: str) -> int:
    found = browser.place.engine.credentials.token_of(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": ""}, 400),
        ({"do": "undo"}, 400),
        ({"do": "answer", "look": "lok_unknown", "said": "upheld"}, 422),
        ({"do": "answer", "look": "<b>", "said": "perhaps"}, 422),
    ],
)
def test_what_is_nothing_is_refused(busy: Browser, fields: dict[str, str], status: int) -> None:
    """With what to do, where a form of ours could have sent it."""
    answer = ask(busy, **fields)
    assert answer.status_code == status
    if status == 422:
        assert 'role="alert"' in answer.text


def test_looks_are_for_who_decides_cases_and_figures_for_who_answers_for_them(
    busy: Browser,
) -> None:
    """A reviewer sees no figures of everybody; an auditor sees those and no things to look at."""
    assert busy.get("/quality").status_code == 403
    busy.forget()
    busy.client.cookies.set("ombud", busy.place.newcomer("Dung", "auditor").cookie)
    assert busy.get("/looks").status_code == 403
    assert busy.get("/quality").status_code == 200


def test_figures_are_told_together_or_not_at_all(
    busy: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raw agreement, alpha and shares in one row with their intervals; too few says so; no name."""
    pairs = [("upheld", "upheld")] * 40 + [("released", "upheld")] * 10
    parts = [
        Part("", "", 4, agreement(pairs)),
        Part("spam.links", "en", 3, agreement(pairs[:40])),
        Part("spam.links", "", 2, agreement(pairs)),
        Part("spam.links", "vi", 4, agreement(pairs[:5])),
    ]
    monkeypatch.setattr(Lookbook, "figures", lambda *_: (parts, parts[3]))
    busy.forget()
    busy.log_in()
    page = busy.get("/quality")
    text = said(page)
    assert re.search(r"all all 50 80 % \(95 %: \d+ to \d+\) -0\.\d\d \(-?\d", text), text
    assert "It does not 10 %; It does 90 %" in text
    assert "only one answer was ever given" in text
    assert text.count("Too few to tell") == 3
    for name in ("Mia", "mia"):
        assert not re.search(rf"\b{name}\b", page.text)
    assert "Quá ít để nói" in said(busy.get("/quality?lang=vi"))
