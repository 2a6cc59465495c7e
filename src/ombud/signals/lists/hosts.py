"""Which hosts a list names: itself and all below it, or with `*.` only what is below.

This module must never resolve a name: it reads what is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ombud.signals import links

_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")

Alive = Callable[[str], bool]


class Hosts:
    """The hosts of a list's terms. `example.org` lists itself and all below it, `*.example.org`
    only what is below it, an address in the web its host.
    """

    __slots__ = ("_below", "_more", "_sites")

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        """From terms with their keys."""
        self._sites: dict[str, str] = {}
        self._below: dict[str, str] = {}
        self._more: dict[str, list[str]] = {}  # keys of further terms that name the same
        for term, key in entries:
            bare = term.removeprefix("*.")
            host = named(bare)
            if host is not None:
                whole = bare == term
                first = (self._sites if whole else self._below).setdefault(host, key)
                if first != key:
                    self._more.setdefault(host if whole else "*." + host, []).append(key)

    def entry(self, host: str, alive: Alive | None = None) -> str | None:
        """The key of the entry by which a host (as in `links.Address`) is listed, or None."""
        found = self._here(self._sites, host, host, alive)
        at = host.find(".")
        while found is None and at >= 0:
            parent = host[at + 1 :]
            found = self._here(self._sites, parent, parent, alive)
            if found is None:
                found = self._here(self._below, parent, "*." + parent, alive)
            at = host.find(".", at + 1)
        return found

    def _here(self, known: dict[str, str], host: str, form: str, alive: Alive | None) -> str | None:
        first = known.get(host)
        if first is None or alive is None or alive(first):
            return first
        return next((key for key in self._more.get(form, ()) if alive(key)), None)


def named(term: str) -> str | None:
    """The host that a term names: a domain, an address in the web, or an IP address."""
    lowered = term.strip().lower()
    if _HOST.fullmatch(lowered):
        return lowered
    if "." not in lowered and ":" not in lowered:
        return None
    address = links.parse(lowered if "://" in lowered else "http://" + lowered)
    return None if address is None else address.host
