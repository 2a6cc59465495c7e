"""The pages of the staff over a real engine, asked as a browser would ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from litestar.testing import TestClient

from ombud.doors import Doors
from ombud.web.pages import application
from staff.at_the_entrance import PASSWORD, Place, open_place
from web.page_elements import Elements

HERE = "http://localhost.local"
FROM_HERE = {"sec-fetch-site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
NAMED = 'name = "The Riverside"\n'


class Browser:
    """A browser of sorts: it keeps cookies, and follows no redirect by itself."""

    def __init__(self, client: TestClient[Any], place: Place) -> None:
        self.client = client
        self.place = place

    def get(self, path: str, **headers: str) -> Any:
        """A page."""
        return self.client.get(path, headers=headers)

    def send(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]],
        *,
        headers: Mapping[str, str] = FROM_HERE,
        kind: str = FORM,
    ) -> Any:
        """A form."""
        content = urlencode(fields, doseq=True)
        return self.client.post(path, content=content, headers={"content-type": kind, **headers})

    def token(self, path: str = "/me") -> str:
        """The token that the forms of a page carry."""
        found = set(re.findall(r'name="form" value="([^"]*)"', self.get(path).text))
        assert len(found) == 1
        return str(found.pop())

    def first(self, name: str = "Ana") -> Any:
        """Make the first account."""
        link = self.place.first_link()
        return self.send(f"/start/{link}", {"name": name, "password": PASSWORD})

    def log_in(self, name: str = "Ana", password: str = PASSWORD) -> Any:
        """Log in."""
        return self.send("/login", {"name": name, "password": password})

    def forget(self) -> None:
        """Another browser."""
        self.client.cookies.clear()


@contextmanager
def open_pages(folder: Path, settings: str = NAMED) -> Iterator[Browser]:
    """The pages of a community without accounts."""
    with (
        open_place(folder, settings) as place,
        closing(Doors(place.engine, HERE)) as doors,
    ):
        pages = application(doors, entrance=place.entrance)
        with TestClient(pages, base_url=HERE, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            yield Browser(client, place)


def said(page: Any) -> str:
    """The text of a page on one line."""
    return " ".join(Elements(page.text).text.split())
