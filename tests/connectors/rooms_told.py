"""A homeserver that tells what rooms are like and nothing else: for tests of what is made of it.
That a real one tells the same is tried in `tests/platforms`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

State = dict[str, Any]  # by "type/key", and who has joined under "joined"


class Rooms:
    """The state of each room as it is now, what was asked, and whether an answer comes at all."""

    def __init__(self, **rooms: State) -> None:
        self.rooms = dict(rooms)
        self.asked: list[str] = []
        self.status = 200
        self.name = ""  # of every member

    def answer(self, path: str) -> tuple[int, Any]:
        """What is answered to a question."""
        self.asked.append(path)
        if self.status != 200:
            return self.status, {"errcode": "M_UNKNOWN_TOKEN"}
        _, at, _, _, *more = map(unquote, path.split("/"))
        room, what, *rest = *more[1:], *[""] * (at == "_synapse")
        state = self.rooms.get(room)
        if state is None:
            return 403, {"errcode": "M_FORBIDDEN"}
        if at == "_synapse":
            return 200, {"joined_members": len(state["joined"])}
        if what == "joined_members":
            return 200, {"joined": {each: {"display_name": self.name} for each in state["joined"]}}
        found = state.get("/".join(rest))
        return (404, {"errcode": "M_NOT_FOUND"}) if found is None else (200, found)


ACCOUNT = "@ombud:hs"  # that acts
SEALED = {"m.room.encryption/": {"algorithm": "m.megolm.v1.aes-sha2"}}


def state(rule: str, *joined: str) -> State:
    """A room with a join rule, in which the account that acts is, and these are."""
    return {
        f"m.room.member/{ACCOUNT}": {"membership": "join"},
        "m.room.join_rules/": {"join_rule": rule},
        "joined": [ACCOUNT, *joined],
    }


@contextmanager
def told(rooms: Rooms) -> Iterator[str]:
    """Where it is reached, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = rooms.answer(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        running.join()
        server.server_close()
