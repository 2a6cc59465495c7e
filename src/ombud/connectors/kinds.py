"""Which connector belongs to which settings: the one place where kinds of platforms are told apart.

This module must never open anything: it makes what does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ombud import config, egress
from ombud.connectors import capabilities, http, matrix
from ombud.model import Capability, Connector


def check(settings: config.Connected, name: str) -> None:
    """Refuse settings that no connector can be made from, at little cost. `name` is what the
    settings call it. Raises BadUse U030 to U032.
    """
    if isinstance(settings, config.MatrixConnector):
        matrix.check(settings, name)
    else:
        http.check(settings, name)


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
