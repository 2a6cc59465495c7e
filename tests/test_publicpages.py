"""The files of the public pages: the same as the pages have, and all demands."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from litestar.testing import TestClient

from flow.case_desk import DESK_RULES, bags
from flow.demanded import SECRECY, WHO, demand
from flow.platform_side import connected
from ombud import publicpages
from ombud.clock import DAY, rfc3339
from ombud.doors import Doors
from ombud.web.pages import application


def test_the_files_tell_what_the_pages_tell(tmp_path: Path) -> None:
    """Figures and rules to the letter; of demands more than one page; what is secret stays so."""
    out = tmp_path / "out"
    out.mkdir()
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1))
        for _ in range(55):
            demand(platform.engine, who=WHO)
        later = rfc3339(platform.clock[0] + DAY)
        demand(platform.engine, who="Hidden Office", secret_until=later, secret_why=SECRECY)
        with (
            closing(Doors(platform.engine, "http://localhost")) as doors,
            TestClient(application(doors), base_url="http://localhost.local") as client,
        ):
            names = publicpages.write_out(platform.folder, out, platform.engine.now())
            assert names == list(publicpages.FILES)
            told = {name: json.loads((out / name).read_text()) for name in names}
            assert told["figures.json"] == client.get("/transparency.json").json()
            assert told["rules.json"] == client.get("/transparency/rules.json").json()
            first = client.get("/transparency/demands.json").json()["items"]
    items = told["demands.json"]["items"]
    assert items[: len(first)] == first
    assert len(items) == 56
    assert not any("Hidden Office" in path.read_text() for path in out.iterdir())
