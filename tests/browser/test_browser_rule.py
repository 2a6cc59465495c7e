"""From posts to a rule that acts, in a real browser: an author chooses posts of a case, checks and
tries the rule that begins from them, and saves it on watch; a second person approves it; a third
labels what it hits until it has its certificate; then it goes live and holds a post by itself.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from browser.chromium import Pages
from browser.pages_served import STORIES, served
from browser.staff_served import PASSWORD
from browser.test_browser_appeal import looked_at, tab_to
from flow.case_desk import ASKED, COPIED
from flow.certified_community import BEGUN, WEEK, WORDS, Clock, certified, drawn, due
from flow.small_community import DAY, agrees_with_replay, event, line, prepare
from ombud import certifying, staffing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.errors import BadUse
from ombud.reading import reading

STAFF = {
    "Thảo": ("admin",),
    "An": ("author", "reviewer"),
    "Bình": ("author",),
    "Mia": ("reviewer",),
}
SOLD = "cheap shoes from the blue riverboat"
RULE = "cheap-shoes-from-the-blue-riverboat"
HOSTILE = " </textarea><script>document.title='taken'</script> javascript:alert(1)"
DAYS = 20
BY_HAND = 3  # labels given in the browser; the rest of the week by the same request


@dataclass(frozen=True, slots=True)
class Story:
    """The community, its clock, where its pages are, and the case."""

    engine: Engine
    clock: Clock
    address: str
    case: str


def post(number: int, clock: Clock, *, sells: bool, same: bool = False) -> bytes:
    """A post by somebody of their own: with words of its own, or the same as those of others."""
    said = " ".join(random.Random(number).choices(WORDS, k=14))
    if same:
        said = f"Neighbours, {HOSTILE if number == 1 else ''} we sell for the market stall"
    at = (clock.at - BEGUN) / 1_000_000
    text = f"{SOLD} {said}" if sells else said
    return line(event(number, at, author={"id": f"p{number}"}, text=text))


@contextmanager
def begun(folder: Path) -> Iterator[Story]:
    """A few people have sold shoes, and a person is asked about it."""
    clock = Clock()
    prepare(folder, dict([ASKED, COPIED]), "")
    with Engine(folder, now=clock, by="Thảo") as engine:
        entrance = Entrance(engine, now=clock, steady=lambda: clock.at / 1e6)
        for name, roles in STAFF.items():
            staffing.change(engine, "added", name, "admin" if name == "Thảo" else "Thảo",
                            roles=list(roles))  # fmt: skip
            link = staffing.link(engine, name, clock())[0].rpartition("/")[2]
            entrance.use_link(link, PASSWORD, "")
        engine.submit([post(number, clock, sells=True, same=True) for number in range(6)])
        with reading(folder) as reader:
            found = reader.casebook().page(0, "en", queue="", state="open", after="", limit=50)
        case = max(found, key=lambda each: int(each["records"]))
        assert case["records"] > 2
        with (
            closing(Doors(engine, "http://localhost")) as doors,
            served(doors, entrance=entrance) as address,
        ):
            yield Story(engine, clock, address.replace("127.0.0.1", "localhost"), case["id"])


def come_in(page: Page, story: Story, name: str) -> None:
    """Somebody logs in, by keyboard alone; whoever was in is out."""
    page.context.clear_cookies()
    page.goto(f"{story.address}/login")
    tab_to(page, "#name")
    page.keyboard.type(name)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def press(page: Page, wanted: str, arrives: str = "") -> None:
    """Walk to a button or a link and press it; `arrives`: where that leads."""
    tab_to(page, wanted)
    if not arrives:
        page.keyboard.press("Enter")
        return
    with page.expect_navigation():  # the address may be the one of before
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: arrives in url)


def written(page: Page, story: Story, look: Any) -> None:
    """An author begins the rule from the case's posts, checks, tries and saves it."""
    come_in(page, story, "An")
    page.goto(f"{story.address}/cases/{story.case}")
    press(page, "a[href^='/rules/new?from=']", f"/rules/new?from={story.case}")
    look()
    assert page.locator("[name=record]:checked").count() >= 1
    press(page, "form:has([name=from]) button")
    expect(page.locator("#text")).to_be_visible()
    look()
    text = page.locator("#text").input_value()
    assert text.startswith(f"rule {RULE}\n")
    finished = "".join(
        each
        for each in text.splitlines(keepends=True)
        if not each.startswith("  text contains") or SOLD in each
    )
    tab_to(page, "#text")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(finished)
    press(page, "button[value=check]")
    expect(page.locator("#checked-status")).not_to_be_empty()
    press(page, "button[value=try]")
    expect(page.locator("#found")).to_be_visible()
    look()
    assert "6" in page.locator("#found + p").inner_text()
    press(page, "button[value=save]", f"/rules/{RULE}")
    look()
    expect(page.get_by_role("status").first).to_be_visible()


def approved(page: Page, story: Story, look: Any) -> None:
    """Somebody else reads and approves it; its author had no button for that."""
    assert page.locator("form:has([value=approve])").count() == 0
    come_in(page, story, "Bình")
    page.goto(f"{story.address}/rules/{RULE}")
    press(page, "form:has([value=approve]) button", "done=rule+approved")
    look()
    assert "Bình" in page.locator("main").inner_text()


def watched(story: Story) -> None:
    """Twenty days go by, in which the rule only records."""
    for day in range(1, DAYS + 1):
        story.clock.at = BEGUN + day * DAY
        told = story.engine.submit(
            [post(day * 100 + n, story.clock, sells=n % 2 == 0) for n in range(12)]
        )
        assert "hold" not in {getattr(each, "action", "") for each in told}


def labelled(page: Page, story: Story, look: Any, *, by_key: bool) -> None:
    """An author has hits drawn; somebody labels them, week by week, until the rule is proven."""
    come_in(page, story, "Bình")
    page.goto(f"{story.address}/rules/{RULE}")
    press(page, "details:has([name=labeller]) > summary")
    tab_to(page, "[name=labeller][value=Mia]")
    page.keyboard.press("Space")
    press(page, "form:has([name=labeller]) button", "done=labelling+begun")
    drawn(story.engine)
    for week in range(8):
        if week == 0:
            come_in(page, story, "Mia")
            page.goto(f"{story.address}/labels")
            look()
        for number, item in enumerate(due(story.engine, "Mia")):
            if week == 0 and number < BY_HAND:
                text = page.locator("main").inner_text()
                assert RULE not in text
                said = "yes" if SOLD in text else "no"
                if by_key:
                    with page.expect_navigation():
                        page.keyboard.press({"yes": "b", "no": "d"}[said])
                    assert f"done=label+{said}" in page.url
                else:
                    press(page, f"button[name=said][value={said}]", f"done=label+{said}")
                continue
            said = "yes" if SOLD in item["content"]["text"] else "no"
            try:
                certifying.label(story.engine, item["item"], said, "Mia")
            except BadUse:  # the label before decided, and nothing more is asked
                assert certified(story.engine)
            if certified(story.engine):
                return
        # What the last label decided is done before whatever comes after it.
        story.engine.submit([post(8000 + week, story.clock, sells=False)])
        if certified(story.engine):
            return
        story.clock.at += WEEK
    pytest.fail("no certificate")


def went_live(page: Page, story: Story, look: Any) -> None:
    """Its page tells what it has; live it holds a post, and not one that only chats."""
    come_in(page, story, "An")
    page.goto(f"{story.address}/rules/{RULE}")
    look()
    assert "95 %" in page.locator("#certificate + .paper").inner_text()
    press(page, "form:has([name=mode][value=live]) button", "done=rule+live")
    look()
    assert "95 %" in page.locator(".licences").inner_text()
    told = story.engine.submit(
        [post(9000, story.clock, sells=True), post(9001, story.clock, sells=False)]
    )
    assert [getattr(each, "action", "") for each in told] == ["hold", "allow"]
    agrees_with_replay(story.engine)


def whole(page: Page, story: Story, look: Any, *, by_key: bool = True) -> None:
    """The story from its first page to its last."""
    written(page, story, look)
    approved(page, story, look)
    watched(story)
    labelled(page, story, look, by_key=by_key)
    went_live(page, story, look)


@pytest.mark.parametrize("reader", STORIES, ids=lambda each: "-".join(map(str, each)))
def test_from_posts_to_a_rule_that_acts(
    open_page: Pages,
    tmp_path: Path,
    reader: tuple[Literal["light", "dark"], int, str],
) -> None:
    """In both languages and themes, wide and narrow, by keyboard alone, axe on every page in it."""
    colours, width, lang = reader
    with begun(tmp_path) as story:
        page = open_page(color_scheme=colours, locale=lang, viewport=(width, 900))

        def look() -> None:
            expect(page.locator("html")).to_have_attribute("lang", lang)
            looked_at(page)

        whole(page, story, look)


def test_the_same_without_script(open_page: Pages, tmp_path: Path) -> None:
    """No page of the story needs one."""
    with begun(tmp_path) as story:
        page = open_page(java_script_enabled=False)
        whole(page, story, lambda: looked_at(page, scripts=False), by_key=False)
