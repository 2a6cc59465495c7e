"""The editor: checks, tries and saves by a plain form, and keeps what was typed."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pytest

from flow.small_community import NOW, RULES, event, line, rows
from ombud.errors import BadUse
from ombud.reading import reading
from ombud.staffroom import StaffRoom
from ombud.trying import Trying
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import Browser, said
from web.page_elements import Elements

NEW = RULES["bags.rule"].replace("rule bags", "rule shoes").replace("cheap bags", "cheap shoes")
BOTH = NEW.replace('at it."\n', 'at it."\n  vi  "Một người sẽ xem."\n')
EVENTS = 12


def posts(browser: Browser, count: int = EVENTS) -> None:
    """A past: half of it sells shoes."""
    lines = [
        line(
            event(
                number,
                3600 + number * 60,
                author={"id": f"p{number}"},
                text=f"cheap shoes {number}" if number % 2 else f"hello {number}",
            )
        )
        for number in range(count)
    ]
    browser.place.engine.submit(lines)


def press(browser: Browser, path: str, do: str, text: str, **more: Any) -> Any:
    """One of the editor's buttons."""
    page = browser.get(path)
    fields = dict(re.findall(r'name="(form|shown)" value="([^"]*)"', page.text))
    return browser.send(path, {**fields, "do": do, "text": text, **more})


def typed(page: Any) -> str:
    """What stands in the editor."""
    found = re.search(r"<textarea[^>]*>\n(.*)</textarea>", page.text, re.DOTALL)
    assert found
    return found[1]


def test_a_check_shows_line_column_and_what_to_do(browser: Browser) -> None:
    """As the command line does, with the text kept; a good text is told as well."""
    browser.first()
    page = press(browser, "/rules/new", "check", NEW.replace("text contains", "txt contains"))
    told = said(page)
    assert page.status_code == 200
    assert "Found: 1 to mend, 1 to look at." in told
    assert "Error line 9, column 3 R003" in told
    assert 'There is no fact called "txt".' in told
    assert "^" in page.text
    assert "txt contains" in typed(page)
    assert "Nothing is wrong with it." in said(press(browser, "/rules/new", "check", BOTH))
    assert "Không có gì sai" in said(press(browser, "/rules/new?lang=vi", "check", BOTH))


def test_it_is_saved_and_in_force_in_its_authors_name(browser: Browser) -> None:
    """And a text with errors, another's change, or another's name is not."""
    browser.first()
    answer = press(browser, "/rules/new", "save", NEW)
    assert answer.headers["location"] == "/rules/shoes?done=rule+saved"
    assert "Written by Ana." in said(browser.get("/rules/shoes"))
    other = NEW.replace("A rule of the tests", "Another")
    assert press(browser, "/rules/shoes/edit", "save", other).headers["location"].endswith("kept")
    page = press(browser, "/rules/shoes/edit", "save", NEW.replace("contains", "contain"))
    assert page.status_code == 422
    assert "the text has errors" in said(page)
    page = press(browser, "/rules/shoes/edit", "save", NEW, shown="0" * 64)
    assert "Somebody has changed the rule" in said(page)
    assert "calls the rule otherwise" in said(
        press(browser, "/rules/shoes/edit", "save", NEW.replace("rule shoes", "rule hats"))
    )
    assert "cannot have this name" in said(
        press(browser, "/rules/new", "save", NEW.replace("rule shoes", "rule new"))
    )
    assert press(browser, "/rules/new", "fly", NEW).status_code == 400
    assert browser.get("/rules/nothing/edit").status_code == 404


def test_a_try_tells_figures_and_has_its_line(browser: Browser) -> None:
    """Of what lies within the days asked for, whatever mode the text says."""
    browser.first()
    posts(browser)
    draft = NEW.replace("mode    live", "mode    draft")
    page = press(browser, "/rules/new", "try", draft, days="7")
    assert "It would have hit 6 times, 6 people, in 12 events." in said(page)
    assert "A few of them, drawn by lot" in said(page)
    assert "of the public log commits to this run" in said(page)
    assert typed(page).startswith("rule shoes")
    (kind,) = rows(browser.place.engine.folder, "SELECT kind FROM run")
    assert kind == ("rules",)
    browser.place.clock.at = NOW + 60 * 86_400_000_000
    browser.log_in()
    assert "fewer than five people" in said(press(browser, "/rules/new", "try", draft, days="30"))


def test_a_run_that_takes_long_is_looked_at_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says how far it is; nobody else sees it, and no second one begins beside it."""
    browser.first()
    posts(browser)
    monkeypatch.setattr("ombud.web.console.ruleedit.LOOK_SECONDS", 0.0)
    waits = []
    real = Trying._progress

    def slow(self: Trying, run: Any, total: int) -> Any:
        waits.append(total)
        time.sleep(1.0)
        return real(self, run, total)

    monkeypatch.setattr(Trying, "_progress", slow)
    page = press(browser, "/rules/new", "try", NEW)
    assert "It is being tried" in said(page)
    run = re.findall(r'name="run" value="([^"]*)"', page.text)[0]
    assert "Another rule is being tried" in said(press(browser, "/rules/new", "try", NEW))
    browser.forget()
    link = browser.place.add("Bình", "author")
    browser.send(f"/link/{link}", {"password": PASSWORD})
    assert "no result" in said(press(browser, "/rules/new", "look", NEW, run=run))
    browser.forget()
    browser.log_in()
    monkeypatch.setattr("ombud.web.console.ruleedit.LOOK_SECONDS", 20.0)
    page = press(browser, "/rules/new", "look", NEW, run=run)
    assert "It would have hit 6 times" in said(page)
    assert "no result" in said(press(browser, "/rules/new", "look", RULES["bags.rule"], run=run))


def test_what_is_long_or_hostile_is_kept_as_text(browser: Browser) -> None:
    """The longest rule fits; what is longer is told, and no text becomes a page."""
    browser.first()
    long = NEW + "# " + "ạ" * 900 + "\n"
    long += ("# " + "ạ" * 300 + "\n") * 60
    assert press(browser, "/rules/new", "check", long).status_code == 200
    page = press(browser, "/rules/new", "check", "# x\n" * 17_000)
    assert "R002" in page.text
    assert press(browser, "/rules/new", "check", "x" * 300_000).status_code == 413
    page = press(browser, "/rules/new", "check", "</textarea><img src=x>\u202e\0{{ 7*7 }}")
    assert "img" not in Elements(page.text).counts()
    assert "49" not in said(page)


def test_the_room_gives_up_what_goes_on(browser: Browser) -> None:
    """A run does not keep a server from ending."""
    posts(browser)
    room = StaffRoom(browser.place.engine)
    room.close()
    with pytest.raises(BadUse) as caught:
        room.trying.begin(1, "ana", NEW, None)
    assert caught.value.code == "U288"


def test_a_rule_begins_from_posts_of_a_case(browser: Browser) -> None:
    """The chosen ones become its examples; trying it tells of each line by itself."""
    browser.first()
    engine = browser.place.engine
    lines = [
        line(event(f"f{n}", 3600 + n, author={"id": f"p{n}"}, text=f"cheap bags only today {n}"))
        for n in range(6)
    ]
    engine.submit(lines)
    with reading(engine.folder) as reader:
        found = reader.casebook().page(0, "en", queue="", state="open", after="", limit=50)
    case = found[0]["id"]
    page = browser.get(f"/rules/new?from={case}")
    assert page.text.count('name="record"') >= 1
    records = re.findall(r'name="record" value="(\d+)"', page.text)
    fields = {"form": browser.token(), "do": "sketch", "from": case, "record": records}
    page = browser.send("/rules/new", fields)
    assert page.status_code == 200
    text = html.unescape(typed(page))
    assert 'text contains "cheap bags only today' in text
    assert text.count("should catch") == len(records)
    proposed = [html.unescape(e) for e in re.findall(r'name="line" value="([^"]*)"', page.text)]
    assert proposed
    page = press(browser, "/rules/new", "try", text, line=proposed)
    assert "By itself it would have hit" in said(page)
    assert press(browser, "/rules/new", "save", text).status_code == 303
    page = browser.send("/rules/new", {**fields, "record": []})
    assert "no words in common" in said(page)


def test_posts_are_for_who_may_see_the_case(browser: Browser) -> None:
    """An author who decides no cases sees none of their posts."""
    browser.first()
    engine = browser.place.engine
    engine.submit([line(event("f1", 3600, text="cheap bags only today"))])
    with reading(engine.folder) as reader:
        found = reader.casebook().page(0, "en", queue="", state="open", after="", limit=50)
    case = found[0]["id"]
    browser.forget()
    link = browser.place.add("Bình", "author")
    browser.send(f"/link/{link}", {"password": PASSWORD})
    assert browser.get(f"/rules/new?from={case}").status_code == 403
    fields = {"form": browser.token(), "do": "sketch", "from": case, "record": "1"}
    page = browser.send("/rules/new", fields)
    assert page.status_code == 403
    assert "cheap" not in page.text
    assert browser.get("/rules/new?from=case_x").status_code == 403
