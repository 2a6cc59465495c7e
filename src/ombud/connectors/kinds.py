"""Which connector belongs to which settings: the one place where kinds of platforms are told apart.

This module must never open anything: it makes what does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ombud import config, egress
from ombud.connectors import capabilities, http, matrix
from ombud.errors import BadUse, catalogue
from ombud.model import Capability, Connector

catalogue(
    U454=(
        'Two homeservers follow different rooms as the list "{name}".',
        "A list has one room: call one of them otherwise, under follow in ombud.toml.",
    ),
)


def check(settings: config.Connected, name: str) -> None:
    """Refuse settings that no connector can be made from, at little cost. `name` is what the
    settings call it. Raises BadUse U030 to U032.
    """
    if isinstance(settings, config.MatrixConnector):
        matrix.check(settings, name)
    else:
        http.check(settings, name)


def check_all(platforms: Mapping[str, config.Connected]) -> None:
    """The same for all there are, and against each other. Raises BadUse U454 beside."""
    rooms: dict[str, str] = {}
    for name, settings in platforms.items():
        check(settings, name)
        follow = settings.policies.follow if isinstance(settings, config.MatrixConnector) else {}
        for each, room in follow.items():
            if rooms.setdefault(each, room) != room:
                raise BadUse("U454", f"ombud.toml: matrix.{name}.policies.follow", name=each)


def table(settings: config.Connected) -> Mapping[str, Capability]:
    """What a platform can do, as it is published."""
    if isinstance(settings, config.MatrixConnector):
        return capabilities.of_matrix()
    return capabilities.of_webhooks(settings.actions)


class Closing(Connector, Protocol):
    """A connector that holds connections."""

    def close(self) -> None:
        """Close every one of them."""


def connector(
    settings: config.Connected,
    secret: bytes,
    *,
    name: str,
    resolve: egress.Resolve = egress.system_resolver,
) -> Closing:
    """The way to a platform. Raises BadUse as `check`."""
    if isinstance(settings, config.MatrixConnector):
        return matrix.MatrixConnector(settings, secret, name=name, resolve=resolve)
    return http.HttpConnector(settings, secret, name=name, resolve=resolve)
