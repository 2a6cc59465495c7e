"""The page about roles: what each of the people who run a community may do.

This module must never grant anything by itself: it is read off the program's one table.
"""

from __future__ import annotations

from markdown_pieces import page, table

from ombud.clock import DAY, HOUR, MINUTE
from ombud.staff import credentials
from ombud.staff.roles import FIRST, PERMISSIONS, ROLES

INTRODUCTION = """
The people who run a community have roles, one or several, and may do what any of them allows. An
admin gives, changes and takes them away ([how](../how-to/let-people-in.md)). To the public they
appear as their role and never by name.

The first account gets the roles {first}:
a community of one has to do everything. With others, give roles up one by one. Whoever has the data
folder at hand can do anything with its files, so commands without `--by NAME` are not asked for a
role.
"""
FRESH = """
*Fresh* asks its person to have shown within {minutes} minutes who they are, by password or passkey.
*Narrowed*: for one person it can be narrowed to some queues, or to some actions; it then holds for
all their roles. Some of what stands here has no page or command yet; it is granted already, so that
what comes asks this table.
"""
ENDS = """
A session ends {idle} hours after its last use and {absolute} days after it began, when its person
ends it, takes another password, is suspended or removed. A one-time link is good once and for
{link} hours; the one for the first account for {first} hour, and not once there is an account.
"""


def roles_page() -> str:
    """Permissions by role."""
    head = ["may", "được phép", *ROLES, "fresh", "narrowed to"]
    rows = [
        [
            each.en,
            each.vi,
            *("yes" if name in granted else "" for granted in ROLES.values()),
            "yes" if each.fresh else "",
            ", ".join(f"{side}s" for side in each.narrowed),
        ]
        for name, each in PERMISSIONS.items()
    ]
    minutes = credentials.FRESH // MINUTE
    ends = {
        "idle": credentials.IDLE // HOUR,
        "absolute": credentials.ABSOLUTE // DAY,
        "link": credentials.LINK // HOUR,
        "first": credentials.FIRST_LINK // HOUR,
    }
    return page(
        "Who may do what",
        INTRODUCTION.format(first=", ".join(FIRST)),
        "## Permissions",
        FRESH.format(minutes=minutes),
        table(head, rows),
        "## When access ends",
        ENDS.format(**ends),
    )
