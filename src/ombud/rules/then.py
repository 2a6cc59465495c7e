"""Reads one line of `then`: an action, what it is done to, and how.

The tail is taken in any order; the formatter writes the one order. This module must never judge
whether an action is allowed: that is the checker's.
"""

from __future__ import annotations

import difflib

from ombud.rules.conditions import duration
from ombud.rules.diagnostic import Malformed
from ombud.rules.lex import Cursor, Kind, Token
from ombud.rules.tree import NOWHERE, Action, Place
from ombud.rules.vocabulary import ACTIONS, ActionForm

TARGETS = ("this", "campaign", "author", "room")
_ORDER = 'The order is: action, target, for review in queue "...", as urgent, for 24 hours, "text".'
_EXAMPLES = {"alert": "on call", "label": "Advertising", "context": "Source: ..."}
# Actions of two words that are also said around their target: "mark this sensitive".
SPLIT = {"mark": ("mark sensitive", ("sensitive",)), "ban": ("ban from room", ("from", "room"))}


def action(cursor: Cursor) -> Action:
    """One action. Raises Malformed."""
    start = cursor.position
    first = cursor.next(Kind.WORD)
    if first is None:
        raise Malformed("R026", cursor.here(), expected='an action, for example "hold this"')
    kind, target = _named(cursor, first)
    form = ACTIONS[kind]
    if target is None:
        target = _target(cursor)
    place = cursor.since(start)
    if target is None and form.targets:
        target = form.targets[0]
    if form.targets and target not in form.targets:
        targets = ", ".join(form.targets)
        raise Malformed("R032", place, action=kind, target=target, targets=targets)
    if not form.targets and target is not None:
        raise Malformed("R043", place, action=kind, what=f'"{target}"')
    return _tail(cursor, kind, target, form, start)


def _named(cursor: Cursor, first: Token) -> tuple[str, str | None]:
    """The action that these words begin, and its target where it stands between them."""
    rest: tuple[str, ...]
    for name in sorted(ACTIONS, key=len, reverse=True):
        head, *rest_words = name.split()
        if first.text == head and cursor.take(*rest_words):
            return name, None
    if first.text in SPLIT:
        name, rest = SPLIT[first.text]
        target = _target(cursor)
        if target is not None and cursor.take(*rest):
            return name, target
        raise Malformed("R026", cursor.here(), expected=f'"{" ".join(rest)}"')
    near = difflib.get_close_matches(first.text, [name.split()[0] for name in ACTIONS], n=1)
    hint = None
    if near:
        full = next(name for name in ACTIONS if name.split()[0] == near[0])
        hint = f'Did you mean "{full}"?'
    raise Malformed("R030", first.place, hint, word=first.text, actions=", ".join(ACTIONS))


def _target(cursor: Cursor) -> str | None:
    start = cursor.position
    cursor.take("in")
    token = cursor.peek()
    if token is not None and token.kind is Kind.WORD and token.text in TARGETS:
        cursor.position += 1
        return token.text
    cursor.position = start
    return None


def _tail(cursor: Cursor, kind: str, target: str | None, form: ActionForm, start: int) -> Action:
    queue: str | None = None
    queue_place = NOWHERE
    length: int | None = None
    text: str | None = None
    urgent = False
    while not cursor.done:
        place = cursor.here()
        if queue is None and cursor.take("for", "review", "in", "queue"):
            named = cursor.next(Kind.STRING)
            if named is None:
                raise Malformed("R026", cursor.here(), expected="the name of a queue in quotes")
            queue, queue_place = _some(named), named.place
        elif not urgent and cursor.take("as", "urgent"):
            urgent = True
        elif length is None and cursor.take("for"):
            _no_queue(cursor)
            length = _length(cursor, kind, form, place)
        elif text is None and (found := cursor.next(Kind.STRING)) is not None:
            text = _some(found)
            if form.text == "no":
                raise Malformed("R043", found.place, action=kind, what="a text")
        else:
            raise Malformed("R031", place, order=_ORDER)
    whole = cursor.since(start)
    if form.duration == "needed" and length is None:
        raise Malformed("R033", whole, action=f"{kind} {target}")
    if form.text == "needed" and text is None:
        raise Malformed("R035", whole, action=kind, example=_EXAMPLES[kind])
    return Action(kind, target, queue, urgent, length, text, whole, queue_place)


def _no_queue(cursor: Cursor) -> None:
    """Refuse a misspelt "review in queue" as such. It is no length of time."""
    token = cursor.peek()
    if token is not None and token.kind is Kind.WORD:
        near = difflib.get_close_matches(token.text, ["review"], n=1)
        hint = 'Did you mean "for review in queue"?' if near else None
        expected = 'a length of time, or "review in queue" and its name'
        raise Malformed("R026", token.place, hint, expected=expected)


def _length(cursor: Cursor, kind: str, form: ActionForm, place: Place) -> int:
    length = duration(cursor)
    if form.duration == "no":
        raise Malformed("R043", place, action=kind, what="a length of time")
    return length


def _some(token: Token) -> str:
    if not token.text.strip():
        raise Malformed("R044", token.place)
    return token.text
