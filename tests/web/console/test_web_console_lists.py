"""The lists' pages: entries added, taken out, put in quarantine, released; refusals told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec import structs

from flow.followed_community import publish, take_back
from flow.small_community import NOW
from ombud import clock, listwork, samples
from ombud.config import MatrixConnector
from ombud.policy_lists import PolicyLists
from ombud.reading import reading
from ombud.web.console.lists import SHOWN
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import Browser, said
from web.page_elements import Elements
from web.pretend_community import HOSTILE

SITES = "/lists/bad%20sites"


def act(browser: Browser, do: str, term: str, path: str = SITES, **more: Any) -> Any:
    """One of the forms."""
    fields = {"form": browser.token("/lists"), "do": do, "term": term, **more}
    return browser.send(path, fields)


def begin(browser: Browser, term: str = "one.example", name: str = "bad sites") -> Any:
    """A new list with its first entry."""
    return act(browser, "add", term, "/lists", name=name)


def states(browser: Browser) -> dict[str, str]:
    """How the entries stand, as the engine has it."""
    with reading(browser.place.engine.folder) as reader:
        found = reader.term_list("bad sites", NOW, state=None, limit=1000, skip=0)
    return {each["term"]: each["state"] for each in found["items"]}


def test_an_entry_comes_goes_and_is_kept_apart(browser: Browser) -> None:
    """Each by its button, and the page then says so."""
    browser.first()
    assert begin(browser).headers["location"] == "/lists/bad%20sites?done=list+add"
    assert "Entries that count: 0. On watch: 1." in said(browser.get("/lists"))
    assert act(browser, "confirm", "one.example", seen="0").headers["location"].endswith("confirm")
    assert "Entries that count: 1." in said(browser.get("/lists"))
    day = clock.rfc3339(NOW + 40 * 86_400_000_000)[:10]
    act(browser, "add", "two.example", source="a friend", expires=day)
    page = said(browser.get(SITES))
    assert "two.example on watch It was added here. From a friend. Until" in page
    assert "It does not count until" in page
    assert act(browser, "quarantine", "one.example").headers["location"].endswith("quarantine")
    assert states(browser) == {"one.example": "quarantined", "two.example": "watch"}
    assert "In quarantine: 1." in said(browser.get("/lists"))
    assert act(browser, "release", "one.example").status_code == 303
    assert act(browser, "remove", "two.example").status_code == 303
    assert states(browser) == {"one.example": "counts"}
    assert "Đã thêm" in said(browser.get("/lists?lang=vi&done=list+add"))


def test_what_cannot_be_read_is_said(browser: Browser) -> None:
    """On the page of all lists, also of one that was never read, and on the list's own: since when
    and why; of one's own list that cannot be kept too.
    """
    browser.first()
    engine, hostile = browser.place.engine, "<script>alert(1)</script>"
    publish(engine, "@spam:far")
    matrix = MatrixConnector(
        url="http://127.0.0.1:9",
        server="hs",
        rooms=("!a",),
        policies=PolicyLists(follow={"their list": "!b", "another": "!c"}, publish="!d"),
    )
    engine.settings = structs.replace(engine.settings, matrix={"talk": matrix})
    assert "cannot be read" not in said(browser.get("/lists"))
    for name in ("their list", "another", ""):
        engine.unread.tell("talk", name, f"answered 404 {hostile}", NOW)
    page = browser.get("/lists")
    assert hostile not in page.text
    for name in ("their list", "another"):
        assert f"The policy list {name} cannot be read as it should be, since" in said(page)
    assert "of your own on talk cannot be brought up to date" in said(page)
    one = said(browser.get("/lists/their%20list"))
    assert "The policy list their list cannot be read" in one
    assert "another" not in one
    assert "Không đọc được đầy đủ" in said(browser.get("/lists?lang=vi"))


def test_what_others_publish_is_shown_and_can_be_kept_out(browser: Browser) -> None:
    """Who says so, when and why; and that it does not count here, with the reason."""
    browser.first()
    engine, path = browser.place.engine, "/lists/their%20list"
    hostile = "<script>alert(1)</script>"
    publish(engine, "@spam:far", "@*:far", writer=f"@w:far{hostile}", reason=hostile)
    page = browser.get(path)
    assert hostile not in page.text
    assert "Recommended to keep this account out, published by @w:far" in said(page)
    assert "Others publish its entries" in said(page)
    assert "It stands for many: it does not count until a person confirms it." in said(page)
    assert '<section aria-labelledby="add">' not in page.text
    assert act(browser, "confirm", "@*:far", path, seen="0").status_code == 303
    done = act(browser, "quarantine", "@spam:far", path, reason="a friend of ours")
    assert done.headers["location"].endswith("done=list+quarantine")
    assert "It does not count here, since" in said(browser.get(path))
    assert "a friend of ours" in said(browser.get(path))
    assert act(browser, "quarantine", "@*:far", path, reason="x" * 501).status_code == 422
    assert act(browser, "remove", "@*:far", path).status_code == 422
    take_back(engine, "@spam:far")
    assert "@spam:far in quarantine" in said(browser.get(path))
    assert act(browser, "release", "@spam:far", path).status_code == 303


def test_what_cannot_be_is_told_and_kept(browser: Browser) -> None:
    """In words, with what was typed."""
    browser.first()
    begin(browser)
    page = act(browser, "add", "x", "/lists", name="Bad Sites!")
    assert page.status_code == 422
    assert "cannot be the name of a list" in said(page)
    assert 'value="Bad Sites!"' in page.text
    assert "cannot be an entry" in said(act(browser, "add", "three.example", expires="soon"))
    assert "its end has come" in said(act(browser, "add", "three.example", expires="2020-01-01"))
    assert "no such entry" in said(act(browser, "remove", "nothing.example"))
    assert "not in quarantine" in said(act(browser, "release", "one.example"))
    act(browser, "confirm", "one.example", seen="0")
    act(browser, "quarantine", "one.example")
    assert "already" in said(act(browser, "quarantine", "one.example"))
    assert "not on watch" in said(act(browser, "confirm", "one.example", seen="0"))
    act(browser, "add", "two.example")
    assert "matched more" in said(act(browser, "confirm", "two.example", seen="x"))
    act(browser, "remove", "two.example")
    assert act(browser, "import", "one.example").status_code == 400
    assert browser.get("/lists/nothing").status_code == 404
    assert states(browser) == {"one.example": "quarantined"}


def test_pages_of_entries_and_of_one_state(browser: Browser) -> None:
    """Never more than a page has."""
    browser.first()
    begin(browser)
    content = "\n".join(f"site{number:04}.example" for number in range(3 * SHOWN)).encode()
    asked = {"change": "import", "name": "bad sites", "source": "", "by": "Ana"}
    listwork.change_list(browser.place.engine, asked, content)
    page = browser.get(SITES)
    assert page.text.count('value="quarantine"') == SHOWN
    more = re.findall(r'href="(/lists/bad%20sites\?state=&amp;skip=50)"', page.text)
    assert more
    assert browser.get(f"{SITES}?skip=150").text.count('value="quarantine"') == 1
    assert "It came with many others, 150 in all" in said(page)
    confirmed = {"whole": "yes", "seen": "0"}
    assert "with others" in said(act(browser, "confirm", "site0001.example", seen="0"))
    assert act(browser, "confirm", "site0001.example", **confirmed).status_code == 303
    assert [*states(browser).values()].count("counts") == 150
    assert "no such entry" in said(browser.get(f"{SITES}?state=removed"))
    for strange in ("-1", "x", "9" * 30, "٥"):
        assert browser.get(f"{SITES}?skip={strange}&state=x").status_code == 200


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_it_is_for_who_may_change_lists(browser: Browser, role: str) -> None:
    """An entry may be somebody's id: nobody else sees one, or changes any."""
    browser.first()
    begin(browser)
    browser.forget()
    browser.send(f"/link/{browser.place.add('Bình', role)}", {"password": PASSWORD})
    assert browser.get("/lists").status_code == 403
    assert browser.get(SITES).status_code == 403
    fields = {"form": browser.token(), "do": "remove", "term": "one.example"}
    assert browser.send(SITES, fields).status_code == 403
    assert states(browser) == {"one.example": "watch"}


def test_what_lets_people_off_is_taken_out_by_two(browser: Browser) -> None:
    """The page says that it waits, and for what; somebody else's button does it."""
    shipped = samples.files("rules")["first-post-links.rule"]
    (browser.place.engine.folder / "rules" / "first-post-links.rule").write_bytes(shipped)
    browser.place.engine.reload()
    browser.first()
    helpers = "/lists/trusted%20helpers"
    act(browser, "add", "helper1", helpers)
    act(browser, "confirm", "helper1", helpers, seen="0")
    link = browser.place.add("Bình", "author")
    assert act(browser, "remove", "helper1", helpers).headers["location"].endswith("list+waits")
    page = said(browser.get(helpers + "?done=list+waits"))
    assert "It goes once somebody else asks for it too" in page
    assert "Somebody asked to take it out." in page
    assert "Entries that count: 1." in page
    assert "Đã có người yêu cầu lấy ra." in said(browser.get(helpers + "?lang=vi"))
    browser.forget()
    browser.send(f"/link/{link}", {"password": PASSWORD})
    assert act(browser, "remove", "helper1", helpers).headers["location"].endswith("list+remove")
    assert "Entries that count: 0." in said(browser.get(helpers))


@pytest.mark.parametrize("term", HOSTILE)
def test_a_hostile_entry_breaks_no_page(browser: Browser, term: str) -> None:
    """Refused, or shown as text."""
    browser.first()
    begin(browser)
    typed = term.encode("utf-8", "replace").decode()
    page = act(browser, "add", typed, source=typed)
    assert page.status_code in (303, 422)
    for each in (page, browser.get(SITES), browser.get("/lists")):
        assert not {"script", "img"} & set(Elements(each.text).counts())
        assert len(each.text) < 60_000
