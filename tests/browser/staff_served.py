"""A real community whose people log in, on a port of this machine, for a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from browser.pages_served import served
from flow.small_community import prepare
from ombud import clock, staffing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance

PASSWORD = "nine herons over the delta"
NAME = "Thảo"


@dataclass(frozen=True, slots=True)
class Place:
    """The community's engine, and where its pages are."""

    engine: Engine
    address: str

    def first_link(self) -> str:
        """The path of a new link for the first account."""
        return staffing.first_link(self.engine, clock.now())[0]

    def add(self, name: str, *roles: str) -> str:
        """Add somebody from the command line; the path of their link."""
        staffing.change(self.engine, "added", name, "admin", roles=list(roles))
        return staffing.link(self.engine, name, clock.now())[0]


@contextmanager
def staffed(folder: Path) -> Iterator[Place]:
    """A new community without accounts. The browser knows it as localhost: at a number it would
    make no passkey.
    """
    prepare(folder, settings='name = "The Riverside"\n')
    with (
        Engine(folder) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine)) as address,
    ):
        yield Place(engine, address.replace("127.0.0.1", "localhost"))


def first_account(page: Page, place: Place, name: str = NAME) -> None:
    """Make the first account by its link, in the browser."""
    page.goto(place.address + place.first_link())
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url("**/me*")


def log_in(page: Page, place: Place, name: str = NAME, password: str = PASSWORD) -> None:
    """Log in by password."""
    page.goto(f"{place.address}/login")
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.locator("main button").first.click()


def authenticator(page: Page) -> str:
    """Plug a virtual authenticator into Chromium that knows its person; its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(made["authenticatorId"])
