"""What is missing is said, in three parts; nothing is said to be there that was not seen.

Against a real Synapse: tests/platforms.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from flow.small_community import prepare
from ombud import homecheck, homeserver, session
from ombud.app import KEY_FILE
from ombud.errors import BadUse
from ombud.homeserver import Wanted
from ombud.store.keyfile import KeyFile

WANTED = Wanted("http://127.0.0.1:1", "talk.example", ["!b"], allow=["127.0.0.1"])


def test_what_is_not_connected_is_not_looked_at(tmp_path: Path) -> None:
    """Nor one without a token; of one that is away that is told, and nothing else."""
    with (
        session.engine(prepare(tmp_path / "data")) as engine,
        closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys,
    ):
        with pytest.raises(BadUse, match="U486"):
            homecheck.check(engine.folder, keys, "talk")
        homeserver.connect(engine, "talk", WANTED)
        (away,) = homecheck.check(engine.folder, keys, "talk")
    assert away.what == "the homeserver at http://127.0.0.1:1"
    told = away.as_json()
    assert told is not None
    assert (away.code, told["code"]) == ("U478", "U478")
    assert "http://127.0.0.1:1" in told["message"]
    assert "ombud.toml" in told["hint"]


@pytest.mark.parametrize(
    ("url", "allow", "why"),
    [
        ("http://127.0.0.1:1", [], "not a public address"),
        ("https://127.0.0.1:1", ["127.0.0.1"], "refused"),
        ("http://nowhere.invalid:8008", ["127.0.0.1"], "known"),
    ],
)
def test_why_nobody_answers(tmp_path: Path, url: str, allow: list[str], why: str) -> None:
    """An address that may not be reached, a port at which nobody listens, a name of nobody."""
    with (
        session.engine(prepare(tmp_path / "data")) as engine,
        closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys,
    ):
        homeserver.connect(engine, "talk", WANTED._replace(url=url, allow=allow))
        (away,) = homecheck.check(engine.folder, keys, "talk")
    assert away.lack is not None
    assert why in away.lack.message
