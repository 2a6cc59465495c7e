"""The peer of the HTTP rows: FastAPI and pydantic, validating the same events and answering them.

It stores nothing, judges nothing and logs nothing; uvicorn runs it with uvloop and httptools, as a
good installation would. `python -m bench.http_peer` prints its address and serves until it is
ended. This module must never do less than a real application of that kind has to.
"""

from __future__ import annotations

import socket
from typing import Annotated, Literal

import uvicorn
from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, Field

Id = Annotated[str, Field(min_length=1, max_length=255)]
Name = Annotated[str, Field(max_length=500)]
Url = Annotated[str, Field(max_length=4096)]
Text = Annotated[str, Field(max_length=65_536)]


class Account(BaseModel):
    """Somebody on the platform."""

    id: Id
    name: Name | None = None
    created: AwareDatetime | None = None
    lang: Annotated[str, Field(max_length=35)] | None = None
    roles: Annotated[list[Id], Field(max_length=32)] = []


class Room(BaseModel):
    """Where it happened."""

    id: Id
    name: Name | None = None


class Link(BaseModel):
    """A link."""

    url: Url
    shown: Url | None = None


class Data(BaseModel):
    """What happened, in the fields that a post may have."""

    author: Account | None = None
    text: Text | None = None
    room: Room | None = None
    mentions: Annotated[list[Account], Field(max_length=256)] | None = None
    links: Annotated[list[Link], Field(max_length=256)] | None = None


class Event(BaseModel):
    """A CloudEvents envelope."""

    id: Id
    source: Id
    type: Id
    time: AwareDatetime
    specversion: Literal["1.0"] = "1.0"
    subject: Id | None = None
    data: Data = Data()


app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether it is up."""
    return {"status": "up"}


@app.post("/v1/events")
async def one(event: Event) -> Event:
    """One event, validated and answered."""
    return event


@app.post("/v1/batch")
async def several(events: list[Event]) -> list[Event]:
    """Several events, validated and answered."""
    return events


def main() -> None:
    """Serve on a free port of this machine alone."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        host, port = listening.getsockname()[:2]
        print(f"http://{host}:{port}", flush=True)
        config = uvicorn.Config(
            app, loop="uvloop", http="httptools", access_log=False, log_level="warning"
        )
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
