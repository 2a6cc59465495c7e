"""What a person may do about a subject: their choices, and when a second person has to agree.

People may do what rules may not: suspend, ban, lock, show a context. They may not go beyond the
clause (a matter of form removes nothing) or beyond what the platform can do. What cannot be taken
back, and what concerns more than BULK people at once, needs a second person. Pure, but for the
errors: this module must never look anything up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ombud.clock import HOUR
from ombud.errors import BadUse, catalogue
from ombud.rules.refuse import hindrance
from ombud.rules.vocabulary import (
    ACTIONS,
    ACTIONS_OF_CONTEXT,
    ACTIONS_ON_THIS,
    ACTIONS_UNDER_FORM,
    HOLD_MAX,
    RESTRICTION_MAX,
)

catalogue(
    U230=(
        "{action} cannot be done here: {why}.",
        "`ombud cases show` lists what can be done about each record.",
    ),
    U231=(
        "A second person has to confirm this: {why}.",
        "It waits for them: `ombud cases confirm`. If there is nobody else, say --alone.",
    ),
    U232=(
        "You are not alone: {why}.",
        "Let somebody else confirm it with `ombud cases confirm`.",
    ),
)

SECOND_NEEDED = "U231"  # the code of what waits for a second person
BULK = 20  # people beyond whom a second person has to agree
HOLD_USUAL = 24 * HOUR
ACTS_MAX = 3
TEXT_LENGTH_MAX = 500
NO_UNDO = "cannot be undone"  # as `rules.refuse.hindrance` says it


class Act(NamedTuple):
    """One thing to be done. `length` in microseconds; None: the usual one, or without an end."""

    action: str
    target: str
    length: int | None
    text: str | None


def act(told: Mapping[str, Any]) -> Act:
    """An act from a request. Raises BadUse U230 for what nobody could do anywhere."""
    action = str(told.get("action"))
    form = ACTIONS.get(action)
    if form is None or not form.targets:
        names = ", ".join(name for name, each in ACTIONS.items() if each.targets)
        raise _cannot(repr(action)[:60], f"there is no such action; there are {names}")
    targets = tuple(each for each in form.targets if each != "campaign")
    target = str(told.get("on") or targets[0])
    if target not in targets:
        raise _cannot(action, f"it is done to {' or '.join(targets)}")
    text, length = told.get("text"), told.get("length")
    if text is not None and (form.text == "no" or not 0 < len(str(text)) <= TEXT_LENGTH_MAX):
        raise _cannot(action, f"it takes no text, or one of at most {TEXT_LENGTH_MAX} characters")
    if text is None and form.text == "needed":
        raise _cannot(action, "it needs a text")
    return Act(action, target, _length(action, target, length), None if text is None else str(text))


def _length(action: str, target: str, length: object) -> int | None:
    """How long an act lasts, its usual time where nobody said."""
    form = ACTIONS[action]
    if length is None:
        if form.duration == "needed" or (action == "label" and target == "author"):
            raise _cannot(action, "it needs an end")
        return HOLD_USUAL if action == "hold" else None
    most = HOLD_MAX if action == "hold" else RESTRICTION_MAX
    if form.duration == "no":
        raise _cannot(action, "it has no end")
    if not isinstance(length, int) or not 0 < length <= most:
        raise _cannot(action, f"it lasts {most // HOUR} hours at most")
    return length


def hindered(wanted: Act, harm: str, kind: str, can: Mapping[str, str]) -> str:
    """Why an act is not possible on something of a kind under a clause of a harm on a platform that
    can do so much, or nothing. What only cannot be undone is possible: `irreversible` tells.
    """
    if harm == "context" and wanted.action not in ACTIONS_OF_CONTEXT:
        return "its clause forbids nothing: a source can be shown, and no more"
    if harm != "context" and wanted.action == "context":
        return "a source is shown under a clause about sources only"
    if harm == "form" and wanted.action not in ACTIONS_UNDER_FORM:
        return "its clause is about form: a warning or a hold is all it allows"
    if wanted.target == "this" and wanted.action not in ACTIONS_ON_THIS.get(kind, ACTIONS):
        return f"it cannot be done to a {kind}"
    if kind in ("registration", "room") and wanted.target == "room":
        return f"a {'registration' if kind == 'registration' else 'new room'} is in no room"
    why = hindrance(can, wanted.action)
    return "" if why == NO_UNDO else why


def bounded(wanted: Act, remains: int | None) -> Act:
    """The same, ending with what `remains`, where it has no end and can have one."""
    if wanted.length is not None or ACTIONS[wanted.action].duration == "no":
        return wanted
    return wanted._replace(length=remains)


def no_milder(wanted: Act, action: str, target: str, remains: int | None) -> str:
    """Why an act is no milder than an action on a target in force for what `remains` of its time
    (None: without an end), or nothing. Whoever appeals must never have more laid on them: nothing
    harder, nothing longer, and nothing on their account for what stood on a post.
    """
    strength, form = tuple(ACTIONS), ACTIONS[wanted.action]
    harder = strength.index(wanted.action) - strength.index(action)
    longer = remains is not None and (wanted.length is None or wanted.length > remains)
    if harder > 0 or (harder == 0 and (longer or wanted.length in (None, remains))):
        return f"{wanted.action} is no milder than {action}"
    if form.restricts and longer:
        return f"{wanted.action} would last longer than {action}"
    if form.restricts and wanted.target != ("this" if target == "campaign" else target):
        return f"{wanted.action} on {wanted.target} is something else than {action} on {target}"
    return ""


def possible(harm: str, kind: str, can: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everything that can be done about something: (action, target), weakest first."""
    return [
        (name, target)
        for name, form in ACTIONS.items()
        for target in form.targets
        if target != "campaign" and not hindered(Act(name, target, None, None), harm, kind, can)
    ]


def irreversible(wanted: Act, can: Mapping[str, str]) -> bool:
    """Whether a platform cannot take an act back."""
    return hindrance(can, wanted.action) == NO_UNDO


def second_needed(authors: int, *, revocable: bool) -> str:
    """Why a second person has to agree, or nothing."""
    if not revocable:
        return "the platform cannot take it back"
    return f"it concerns {authors} people, which is more than {BULK}" if authors > BULK else ""


def _cannot(action: str, why: str) -> BadUse:
    return BadUse("U230", "action", action=action, why=why)
