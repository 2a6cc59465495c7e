"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA that a program can judge, and
by those that are good practice beside it.

axe judges only part of WCAG: what the keyboard reaches, and in which order, needs tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from browser.pages_served import READERS

SCRIPT = Path(__file__).with_name("vendor") / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})
  .then(result => result.violations.map(each => ({
    rule: each.id,
    meaning: each.help,
    places: each.nodes.map(node => node.target.flat(Infinity).join(' ')),
  })))"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of axe-core that a page breaks: its name, its meaning, and CSS paths to where."""

    rule: str
    meaning: str
    places: tuple[str, ...]


def in_every_look(page: Page) -> Iterator[tuple[str, int]]:
    """A page as it stands in both themes, one of them wide and one narrow, and at last as it was;
    in the other language the other way round (READERS). A style sheet follows both at once, so
    that no page needs to be opened anew for each.
    """
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    spoken = page.locator("html").get_attribute("lang")
    shown = page.viewport_size
    assert shown is not None  # every page of a test has a size
    for theme, width, lang in READERS:
        if lang == spoken:
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": shown["height"]})
            yield theme, width
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size(shown)


def axe(page: Page) -> list[Violation]:
    """What breaks WCAG A or AA, or good practice, on a page as it stands; it works under any
    content policy.

    Raises ValueError for a page that was opened without scripts: axe-core is one, and would not
    end. What such a page holds can be judged all the same: keep its scripts from loading with
    `page.route("**/*.js", lambda route: route.fulfill(body=""))`.
    """
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        raise ValueError("axe-core needs a page that was opened with scripts")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return [
        Violation(each["rule"], each["meaning"], tuple(each["places"]))
        for each in page.evaluate(RUN, TAGS)
    ]
