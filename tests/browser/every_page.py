"""Every page of the console as one table: how it is reached, and as whom. What looks at all pages
(axe, screenshots) walks along it; a test holds that no address is missing.
"""

from __future__ import annotations

from typing import NamedTuple

from browser.lived_in import ADMIN, AUDITOR, AUTHOR, JUDGE, REVIEWER, House


class Shown(NamedTuple):
    """One page: its name, its address with names of what `House.found` holds, who looks at it (""
    for a stranger), and of which address it is one.
    """

    name: str
    path: str
    who: str = ADMIN
    of: str = ""

    def address(self, house: House) -> str:
        """Where it is."""
        return house.place.address + self.path.format(**house.found)

    def route(self) -> str:
        """The address as the program knows it."""
        return self.of or self.path


VERSIONS = "/transparency/rules/history"
SHOWN: tuple[Shown, ...] = (
    Shown("login", "/login", ""),
    Shown("link", "/link/{link}", "", "/link/{link:str}"),
    Shown("fresh", "/fresh"),
    Shown("queues", "/cases", REVIEWER),
    Shown("case", "/cases/{case}", REVIEWER, "/cases/{case:str}"),
    Shown("campaign", "/cases/{campaign}", REVIEWER, "/cases/{case:str}"),
    Shown("keys", "/keys", REVIEWER),
    Shown("own page", "/me"),
    Shown("appeals", "/appeals", JUDGE),
    Shown("black out", "/black-out/{held}", JUDGE, "/black-out/{record:str}"),
    Shown("appeal", "/appeals/{appeal}", JUDGE, "/appeals/{id:str}"),
    Shown("labels", "/labels", REVIEWER),
    Shown("lists", "/lists", AUTHOR),
    Shown("list", "/lists/hostile%20entries", AUTHOR, "/lists/{name:str}"),
    Shown("rules", "/rules", AUTHOR),
    Shown("rule", "/rules/{rule}", AUTHOR, "/rules/{name:str}"),
    Shown("rule history", "/rules/{rule}/history", AUTHOR, "/rules/{name:str}/history"),
    Shown("rule editor", "/rules/{rule}/edit", AUTHOR, "/rules/{name:str}/edit"),
    Shown("new rule", "/rules/new", AUTHOR),
    Shown("look up", "/lookup", REVIEWER),
    Shown("a post looked up", "/lookup/{look}", REVIEWER, "/lookup/{id:str}"),
    Shown("a member looked up", "/lookup/{member}", REVIEWER, "/lookup/{id:str}"),
    Shown("records", "/records", AUDITOR),
    Shown("incidents", "/incidents", REVIEWER),
    Shown("incident", "/incidents/{incident}", REVIEWER, "/incidents/{id:str}"),
    Shown("connections", "/connections"),
    Shown("erasure", "/erasure"),
    Shown("demands", "/demands"),
    Shown("demand", "/demands/{demand}", ADMIN, "/demands/{id:str}"),
    Shown("staff", "/staff"),
    Shown("orders", "/orders", REVIEWER),
    Shown("second looks", "/looks", REVIEWER),
    Shown("agreement", "/quality"),
    Shown("wall", "/wall"),
    Shown("figures", "/transparency", ""),
    Shown("register", "/transparency/demands", ""),
    Shown("published rules", "/transparency/rules", ""),
    Shown("published versions", f"{VERSIONS}?rule={{rule}}", "", VERSIONS),
)
# What shows no page of its own to look at, and why.
NOT_SHOWN = {
    **{
        f"/transparency{name}.{form}": "no page: the same for programs"
        for name in ("", "/demands", "/rules")
        for form in ("json", "atom")
    },
    "/logout": "it takes a form and leads elsewhere",
    "/openid": "it takes a form and leads to the provider; looked at in its own story",
    "/incidents/{id:str}/incident.md": "it is saved and not shown",
    "/incidents/{id:str}/incident.json": "it is saved and not shown",
    "/counts.json": "the public counts, for whoever checks the log",
    "/demands.json": "the whole register, for whoever checks the log",
    "/openid/back": "it leads back from the provider; looked at in its own story",
    "/start/{link:str}": "the same page as a link, and gone with the first account",
}
