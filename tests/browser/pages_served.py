"""The public pages on a port of this machine, for a real browser to open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn

from ombud.entrance import Entrance
from ombud.homes import Homes
from ombud.web import Community
from ombud.web.pages import application

READERS: tuple[tuple[Literal["light", "dark"], int, str], ...] = (
    ("light", 1280, "en"),
    ("light", 320, "vi"),
    ("dark", 1280, "vi"),
    ("dark", 320, "en"),
)
"""Colours, width in CSS pixels and language of readers: each two of these come together once."""

STORIES: tuple[tuple[Literal["light", "dark"], int, str], ...] = (
    ("light", 1280, "en"),
    ("dark", 320, "vi"),
)
"""Who goes through a whole story: each colour, width and language once. What is looked at on the
way is looked at in both colours and widths (`accessibility.in_every_look`).
"""


@contextmanager
def served(
    community: Community,
    demo: Callable[[], Mapping[str, Any]] | None = None,
    entrance: Entrance | None = None,
    homes: Homes | None = None,
) -> Iterator[str]:
    """The pages of a community under an address, until the end of the block."""
    config = uvicorn.Config(
        application(community, demo=demo, entrance=entrance, homes=homes),
        host="127.0.0.1",
        port=0,
        log_config=None,
        lifespan="off",
        server_header=False,
    )
    server = uvicorn.Server(config)
    sock = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        sock.close()
