"""What a flag says beside its text: the reason its sender chose.

The platform's word for it, as an identifier. This module must never take a reason for a finding: it
is what one member says, and a rule that restricts may not rest on flags alone.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals.declare import Type, signal
from ombud.signals.observation import Observation


@signal(
    "flag.reason",
    Type.NAME,
    kinds=frozenset({"flag"}),
    ordinary="",
    en='The reason chosen for a flag, as the platform calls it; "-" and "_" count as spaces. '
    "Empty where none was told.",
    vi='Lý do được chọn khi báo cáo, theo cách gọi của nền tảng; "-" và "_" được xem như dấu cách. '
    "Để trống nếu không có lý do nào được cho biết.",
)
def flag_reason(seen: Observation) -> Value:
    reason = seen.event.data.reason
    return "" if reason is None else _plain(reason)


def _plain(reason: str) -> str:
    return " ".join(reason.casefold().replace("-", " ").replace("_", " ").split())
