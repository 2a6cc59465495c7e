"""A community whose appeals are decided on the pages: posts that are held, their people's appeals,
and somebody who decides them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow.case_desk import DESK_RULES, bags
from flow.small_community import line, prepare
from ombud import casework
from ombud.appeals import AppealMade
from ombud.doors import Doors
from ombud.transaction import Answer
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import HERE, Browser, open_pages

SETTINGS = (
    'procedural_holds = true\nname = "The Riverside"\n\n'
    '[connectors.chat]\nurl = "http://127.0.0.1:9/hook"\n'
)
JUDGE, REVIEWER = "Chi", "Bình"


@dataclass
class AppealDesk:
    """The browser of who decides appeals, and the community behind it."""

    browser: Browser
    doors: Doors
    posts: int = 0

    @property
    def engine(self) -> Any:
        """The engine behind the pages."""
        return self.browser.place.engine

    def held(self, who: str = "ana", **more: Any) -> Answer:
        """A post that is held; its answer."""
        self.posts += 1
        post = bags(self.posts, who, self.posts)
        post["data"] |= more
        (told,) = self.engine.submit([line(post)])
        assert isinstance(told, Answer)
        return told

    def token(self, told: Answer) -> str:
        """The token in the link of its page."""
        return self.doors.link(told.statement).rpartition("/")[2]

    def appeal(self, told: Answer, text: str = "No.", decision: str = "") -> str:
        """Somebody appeals; the appeal's id."""
        decision = decision or told.decisions[0]
        (statement,) = self.engine.store.one("statement_of_decision", (decision,))
        token = self.doors.link(statement).rpartition("/")[2]
        assert self.engine.change(AppealMade(token, decision, text))
        made = self.engine.store.all("appeals_of_decision", (decision,))
        return str(made[-1][0])

    def work(self, do: str, by: str, **asked: Any) -> Any:
        """Somebody works on cases from the command line."""
        return casework.perform(self.engine, do, {"by": by, **asked})

    def come_in(self, name: str, *roles: str) -> None:
        """Somebody else sits down at the browser."""
        self.browser.forget()
        link = self.browser.place.add(name, *roles)
        self.browser.send(f"/link/{link}", {"password": PASSWORD})

    def send(self, made: str, do: str, address: str = "", **fields: str | Sequence[str]) -> Any:
        """The form of an appeal."""
        path = address or f"/appeals/{made}"
        sent: Mapping[str, str | Sequence[str]] = {
            "form": self.browser.token(),
            "do": do,
            **{name.replace("_", "-"): value for name, value in fields.items()},
        }
        return self.browser.send(path, sent)


@contextmanager
def appeal_desk(folder: Path) -> Iterator[AppealDesk]:
    """A community in which Chi decides appeals, and sits at the browser."""
    prepare(folder, DESK_RULES, SETTINGS)
    with (
        open_pages(folder) as browser,
        closing(Doors(browser.place.engine, HERE)) as doors,
    ):
        browser.first()
        found = AppealDesk(browser, doors)
        browser.place.add(REVIEWER, "reviewer")
        found.come_in(JUDGE, "appeals reviewer")
        yield found
