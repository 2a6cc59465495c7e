"""Whether somebody may do what cases and appeals ask for, and as which role they do it.

Held where it is carried out, so that pages, command line and other processes are bound alike.
Where there are accounts the role comes from the table (`staff.roles`) and never from a request,
and whoever has the data folder at hand and gives no name is `admin`; where there are none, a role
is what one says it is. What concerns many people at once needs the permission for it besides, and
whoever comes by the pages must have shown within minutes who they are. Replay never asks: what was
done was allowed. This module must never let a request name its own role where there is a staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ombud.controls import staff
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.review.case import APPEALS, Case
from ombud.staff import people, roles
from ombud.staff.people import ADMIN

catalogue(
    U251=(
        "This concerns many people, and it is some minutes since {name} showed who they are.",
        "Show it again on the page it asks for, then do this once more.",
    ),
    U444=(
        "This needs somebody who is not yet part of it, and whoever gives no name may be anybody.",
        "Say who of the staff you are: `--by NAME`, or do it at the console.",
    ),
)

NOT_FRESH = "U251"  # the code of what needs its person to show again who they are
# As what somebody acts, by what they may do: all that the person concerned is told of them.
ACTS_AS = {"cases": "reviewer", "bulk": "reviewer", "appeals": "appeals reviewer"}


def permission_for(case: Case) -> str:
    """What somebody needs who works on a case."""
    return "appeals" if case.queue == APPEALS else "cases"


def require(
    hands: Hands,
    by: str,
    permission: str,
    *,
    queue: str | None = None,
    actions: Iterable[str] = (),
) -> int:
    """The token of who does something, if they may do it in this queue by each of these actions.
    Raises BadUse U085, U200, U201 or U250.
    """
    community, keys = hands.community, hands.keys
    token = staff.require(community, keys, by, permission, queue=queue)
    for each in actions:
        staff.require(community, keys, by, permission, queue=queue, action=each)
    return token


def work_on(hands: Hands, by: str, case: Case) -> int:
    """The token of who works on a case, if they may. Raises as `require`."""
    return require(hands, by, permission_for(case), queue=case.queue)


def require_named(hands: Hands, *names: str) -> None:
    """Raise BadUse U444 where a staff is there and one of those who are to be different people
    gives no name.
    """
    if hands.community.staff and any(people.unnamed(each) for each in names):
        raise BadUse("U444", "by")


def take_back(hands: Hands, told: Mapping[str, Any], case: Case, actions: Iterable[str]) -> None:
    """Raise as `require` where who asks for something (`by`), or confirms it (`confirmed`), may not
    take back one of these actions: who is narrowed to some lifts no others.
    """
    for by in (told.get("by") or "", told.get("confirmed")):
        if by is not None:
            require(hands, str(by), permission_for(case), queue=case.queue, actions=actions)


def role(hands: Hands, token: int, permission: str, asked: object) -> str:
    """As what somebody acts who may. `asked`: as what they say they do, which counts only where
    there is no staff; empty: as who may do it usually does.
    """
    members = hands.community.staff
    if members:
        return ACTS_AS[permission] if token in members else ADMIN
    return str(asked or ACTS_AS[permission])


def many(
    hands: Hands, by: str, queue: str, actions: Iterable[str], *, fresh: object = None
) -> None:
    """Raise BadUse where somebody may not decide about many at once, or (U251) comes by a page and
    has not shown within minutes who they are. `fresh` None: they come by no page.
    """
    require(hands, by, "bulk", queue=queue, actions=actions)
    if hands.community.staff and roles.PERMISSIONS["bulk"].fresh and fresh is False:
        raise BadUse("U251", "fresh", name=by)
