"""The command line: noun, then verb. The only place that prints.

    show        shared options, printing, errors in three parts
    serve       serve
    flow        ingest, demo, erase, black-out
    replay      replay --check, --rules
    decisions   list, show, undo
    actions     list, retry
    cases       list, show, claim, back, decide, confirm, undo, snooze, assign, split, merge, note,
                irreversible
    appeals     list, show, answer, decide
    replies     canned replies, and which files are none
    retention   show, run
    timekeeping  clock show, confirm
    backup      backup, restore
    state       duty and emergency: begin, end, show
    staff       list, show, add, roles, suspend, restore, remove, link
    orders      give, list, end: standing orders
    demands     list, show, add, confirm, answer, secret: what was demanded from outside
    reconcile   what a platform restricts without a decision
    gate        show, start, due, label, stop
    connect     http, key, secret, list, revoke, reload
    claims      import, list, show, search, proposed
    lists       list, show, add, remove, import, quarantine, release
    rules       rules list, check, format, test, watch; signals list, explain
    learn       learn CLAUSE, list, show
    ledger      head, verify, runs
    transparency  dsa, regulation

Exit codes: 0 done, 1 found something wrong, 2 wrong usage. Heavy parts are imported inside the
commands, so that `--help` is quick.
"""

from __future__ import annotations

import click

from ombud.cli.actions import actions
from ombud.cli.appeals import appeals
from ombud.cli.backup import backup, restore
from ombud.cli.cases import cases
from ombud.cli.claims import claims
from ombud.cli.connect import connect
from ombud.cli.decisions import decisions
from ombud.cli.demands import demands
from ombud.cli.digest import digest
from ombud.cli.flow import black_out, demo, erase, ingest
from ombud.cli.gate import gate
from ombud.cli.learn import learn
from ombud.cli.ledger import ledger
from ombud.cli.lists import lists
from ombud.cli.orders import orders
from ombud.cli.reconcile import reconcile
from ombud.cli.replay import replay
from ombud.cli.replies import replies
from ombud.cli.retention import retention
from ombud.cli.rules import rules, signals
from ombud.cli.serve import serve
from ombud.cli.show import Group
from ombud.cli.staff import staff
from ombud.cli.state import duty, emergency
from ombud.cli.timekeeping import machine_clock
from ombud.cli.transparency import transparency


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ombud")
def main() -> None:
    """Moderation that is automatic where it has proven itself right, and never silent."""


for command in (
    serve,
    ingest,
    demo,
    decisions,
    actions,
    cases,
    digest,
    appeals,
    replies,
    rules,
    signals,
    lists,
    claims,
    gate,
    orders,
    demands,
    connect,
    staff,
    replay,
    reconcile,
    learn,
    ledger,
    transparency,
    erase,
    black_out,
    retention,
    machine_clock,
    backup,
    restore,
    duty,
    emergency,
):
    main.add_command(command)
