"""The addresses of the staff's pages. This module must never answer anything by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from litestar import get, post, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from ombud.web.console.appeals import AppealsPage
from ombud.web.console.blackout import BlackoutPage
from ombud.web.console.case import CasePage
from ombud.web.console.cases import CasesPage
from ombud.web.console.coming_in import ComingIn
from ombud.web.console.connections import ConnectionsPage
from ombud.web.console.demands import DemandsPage
from ombud.web.console.desk import Desk
from ombud.web.console.erasure import ErasurePage
from ombud.web.console.incidents import IncidentsPage
from ombud.web.console.keys import KeysPage
from ombud.web.console.labels import LabelsPage
from ombud.web.console.lists import ListsPage
from ombud.web.console.looks import LooksPage
from ombud.web.console.lookup import LookupPage
from ombud.web.console.members import MembersPage
from ombud.web.console.openid import ByProvider
from ombud.web.console.orders import OrdersPage
from ombud.web.console.own import Own
from ombud.web.console.records import RecordsPage
from ombud.web.console.ruleedit import RuleEdit
from ombud.web.console.rules import RulesPage
from ombud.web.console.wall import WallPage
from ombud.web.site import READ

BOTH = (*READ, HttpMethod.POST)
RULE_FORM_MAX = 256 * 1024  # the longest rule there may be, as a form sends it, with room


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The handlers of the staff's pages."""
    coming, own, members = ComingIn(desk), Own(desk), MembersPage(desk)
    appeals, blackout = AppealsPage(desk), BlackoutPage(desk)
    queues, case = CasesPage(desk), CasePage(desk)
    provider = ByProvider(desk)
    rules, editor = RulesPage(desk), RuleEdit(desk)
    lookup, records = LookupPage(desk), RecordsPage(desk)
    looks, incidents = LooksPage(desk), IncidentsPage(desk)
    connections, erasure = ConnectionsPage(desk), ErasurePage(desk)
    demands = DemandsPage(desk)
    return [
        route("/cases", http_method=BOTH)(queues.page),
        route("/cases/{case:str}", http_method=BOTH)(case.page),
        route("/keys", http_method=BOTH)(KeysPage(desk).page),
        route("/login", http_method=BOTH)(coming.login),
        post("/logout", status_code=200)(coming.log_out),
        route("/start/{link:str}", http_method=BOTH)(coming.start),
        route("/link/{link:str}", http_method=BOTH)(coming.link),
        post("/openid", status_code=200)(provider.leave),
        get("/openid/back")(provider.back),
        route("/fresh", http_method=BOTH)(coming.fresh),
        route("/me", http_method=BOTH)(own.page),
        route("/appeals", http_method=READ, sync_to_thread=True)(appeals.listed),
        route("/appeals/{id:str}", http_method=BOTH)(appeals.one),
        route("/orders", http_method=BOTH)(OrdersPage(desk).page),
        route("/looks", http_method=BOTH)(looks.page),
        route("/quality", http_method=READ, sync_to_thread=True)(looks.figures),
        route("/wall", http_method=READ, sync_to_thread=True)(WallPage(desk).page),
        route("/lists", http_method=BOTH)(ListsPage(desk).all),
        route("/lists/{name:str}", http_method=BOTH)(ListsPage(desk).one),
        route("/labels", http_method=BOTH)(LabelsPage(desk).page),
        route("/rules", http_method=READ, sync_to_thread=True)(rules.listed),
        route("/rules/new", http_method=BOTH, request_max_body_size=RULE_FORM_MAX)(editor.new),
        route("/rules/{name:str}", http_method=BOTH)(rules.one),
        route("/rules/{name:str}/edit", http_method=BOTH, request_max_body_size=RULE_FORM_MAX)(
            editor.edit
        ),
        route("/rules/{name:str}/history", http_method=BOTH)(rules.history),
        route("/lookup", http_method=BOTH)(lookup.ask),
        route("/lookup/{id:str}", http_method=BOTH)(lookup.one),
        route("/incidents", http_method=BOTH)(incidents.ask),
        route("/incidents/{id:str}", http_method=BOTH)(incidents.one),
        route("/incidents/{id:str}/incident.md", http_method=READ, sync_to_thread=True)(
            incidents.markdown
        ),
        route("/incidents/{id:str}/incident.json", http_method=READ, sync_to_thread=True)(
            incidents.json
        ),
        route("/records", http_method=READ, sync_to_thread=True)(records.listed),
        route("/black-out/{record:str}", http_method=BOTH)(blackout.page),
        route("/connections", http_method=BOTH)(connections.page),
        route("/erasure", http_method=BOTH)(erasure.page),
        route("/demands", http_method=BOTH)(demands.all),
        route("/demands/{id:str}", http_method=BOTH)(demands.one),
        route("/staff", http_method=BOTH)(members.page),
    ]


def allowed(handlers: Iterable[HTTPRouteHandler], path: str) -> str | None:
    """The methods that an address of the staff takes; None for no address of theirs."""
    parts = path.split("/")
    fitting = [each for each in handlers if any(_fits(own, parts) for own in each.paths)]
    if not fitting:
        return None
    exact = next((each for each in fitting if path in each.paths), fitting[0])
    return ", ".join(sorted(HttpMethod(method).value for method in exact.http_methods))


def _fits(own: str, parts: Sequence[str]) -> bool:
    """Whether a path is one of an address of ours, which may leave parts of it open."""
    ours = own.split("/")
    return len(ours) == len(parts) and all(
        our == part or (our.startswith("{") and part) for our, part in zip(ours, parts, strict=True)
    )
