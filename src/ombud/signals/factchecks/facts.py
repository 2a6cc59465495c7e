"""The facts about published fact-checks. A rule that reads one may only ask a person.

Unknown where the community has imported no claims. They must never rest on a model: what is ranked
anew by meaning is shown to people, and is no part of a verdict.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals.declare import TEXT_KINDS, Type, signal
from ombud.signals.observation import Observation

PREFIX = "claims."  # what begins so is a fact about fact-checks (rules.refuse)


@signal(
    "claims.match",
    Type.YESNO,
    kinds=TEXT_KINDS,
    ordinary=False,
    cost=1500,
    en="Whether the text repeats a claim that a fact-check was published about, and does not itself"
    " say that it is false.",
    vi="Văn bản có nhắc lại một tuyên bố đã được kiểm chứng và công bố hay không, mà không tự nói"
    " rằng tuyên bố ấy sai.",
)
def claims_match(seen: Observation) -> Value:
    found = seen.claimed
    return None if found is None else bool(found.matches) and not found.debunks


@signal(
    "claims.likeness",
    Type.PERCENT,
    kinds=TEXT_KINDS,
    ordinary=0,
    cost=1500,
    en="How like the text and the claim are that it repeats; 0 % where there is no match.",
    vi="Mức độ giống nhau giữa văn bản và tuyên bố mà nó nhắc lại; 0 % nếu không có.",
)
def claims_likeness(seen: Observation) -> Value:
    found = seen.claimed
    if found is None:
        return None
    return 0 if found.debunks or not found.matches else found.matches[0].likeness


@signal(
    "claims.debunked",
    Type.YESNO,
    kinds=TEXT_KINDS,
    ordinary=False,
    cost=1500,
    en="Whether the text repeats a checked claim and says that it is false, or links to who checked"
    " it.",
    vi="Văn bản có nhắc lại một tuyên bố đã được kiểm chứng và nói nó sai, hoặc dẫn liên kết đến"
    " nơi kiểm chứng hay không.",
)
def claims_debunked(seen: Observation) -> Value:
    return None if seen.claimed is None else seen.claimed.debunks
