"""What a platform behind webhooks says is restricted on it at present, asked for page by page.

The question is one signed POST a page, to the same place as every webhook; what is asked and how a
platform answers stands in `docs/reference/webhooks.md`. This module must never believe an answer
further than it can be read within bounds, and never ask for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from ombud import egress, ids
from ombud.config import HttpConnector as Settings
from ombud.connectors.http import signed
from ombud.errors import BadUse, catalogue

catalogue(
    U440=(
        "{name} does not tell what is restricted on it: {detail}.",
        "It answers a webhook of the type restrictions; or give its list as a file.",
    ),
    U441=(
        "What {name} tells is no list of restrictions: {detail}.",
        "docs/reference/webhooks.md says how it reads.",
    ),
)

PAGE = 1000  # restrictions that are asked for at once
PAGES_MAX = 2000
PAGE_BYTES_MAX = 4 << 20
LENGTH_MAX = 1000  # of a subject or an account
CURSOR_LENGTH_MAX = 500


class Restriction(msgspec.Struct, frozen=True):
    """One restriction in force: on what, as the platform's events call it, which action, about
    whom, since when (RFC 3339).
    """

    subject: str
    action: str
    account: str = ""
    since: str = ""


class _Page(msgspec.Struct):
    restrictions: list[Restriction]
    next: str | None = None


_page = msgspec.json.Decoder(_Page)
_line = msgspec.json.Decoder(Restriction)


def asked(
    settings: Settings,
    secret: bytes,
    name: str,
    now: Callable[[], int],
    resolve: egress.Resolve = egress.system_resolver,
) -> Iterator[Restriction]:
    """All that a platform tells, in its order. Raises BadUse U440 where it does not, U441 where it
    tells something else.
    """
    place = egress.place(settings.url, f"connectors.{name}.url")
    out = egress.Egress(settings.allow, where=f"connectors.{name}.allow", resolve=resolve)
    try:
        after: str | None = None
        for _ in range(PAGES_MAX):
            key = ids.new_id("ask")
            body = msgspec.json.encode(
                {"id": key, "type": "restrictions", "after": after, "limit": PAGE}
            )
            answer = out.send(
                place,
                signed(secret, key, body, now()),
                body,
                seconds=settings.timeout_seconds,
                answer_bytes=PAGE_BYTES_MAX,
            )
            page = _read(answer, name)
            yield from page.restrictions
            if not page.next:
                return
            if page.next == after or len(page.next) > CURSOR_LENGTH_MAX:
                raise BadUse("U441", name, name=name, detail="its pages do not go on")
            after = page.next
        raise BadUse("U441", name, name=name, detail=f"there are more than {PAGES_MAX} pages")
    finally:
        out.close()


def _read(answer: egress.Answer | egress.Trouble, name: str) -> _Page:
    if isinstance(answer, egress.Trouble):
        raise BadUse("U440", name, name=name, detail=answer.detail)
    if answer.status != 200:
        raise BadUse("U440", name, name=name, detail=f"it answered {answer.status}")
    if answer.cut:
        raise BadUse("U441", name, name=name, detail=f"a page has over {PAGE_BYTES_MAX} bytes")
    try:
        page = _page.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadUse("U441", name, name=name, detail="an answer cannot be read") from None
    for each in page.restrictions:
        _check(each, name)
    return page


def line(content: bytes, name: str, number: int) -> Restriction:
    """One line of a file. Raises BadUse U441."""
    try:
        found = _line.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadUse("U441", name, name=name, detail=f"line {number} cannot be read") from None
    return _check(found, name)


def _check(found: Restriction, name: str) -> Restriction:
    if not 0 < len(found.subject) <= LENGTH_MAX or len(found.account) > LENGTH_MAX:
        raise BadUse("U441", name, name=name, detail="a subject is empty or too long")
    return found
