"""Nobody is erased by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, event, line, prepare, rows
from ombud.app import Engine


def test_an_erasure_of_nobody_is_refused(tmp_path: Path) -> None:
    """Who was never here cannot be erased, under another platform neither."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(1))])
        for platform, account in (("chat", "bob"), ("forum", "ana")):
            with pytest.raises(Exception, match="U011"):
                engine.erase(platform, account)
        assert engine.erase("chat", "ana") == 1
    assert rows(tmp_path, "SELECT content FROM journal WHERE seq = 2") == [(None,)]
