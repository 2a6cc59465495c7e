"""Facts about the community as a whole: whether somebody is on duty, whether it is an emergency.

Both are set by controls of the journal. This module must never read them from anywhere else.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals.declare import Type, signal
from ombud.signals.observation import Observation


@signal(
    "on duty",
    Type.YESNO,
    past=True,
    ordinary=True,
    en="Whether a moderator is on duty; unknown until `ombud duty` was used for the first time.",
    vi="Có người kiểm duyệt đang trực hay không; chưa biết nếu chưa từng dùng `ombud duty`.",
)
def on_duty(seen: Observation) -> Value:
    return None if seen.past is None else seen.past.state("duty")


@signal(
    "emergency",
    Type.YESNO,
    past=True,
    ordinary=False,
    en="Whether the moderators have declared an emergency.",
    vi="Ban kiểm duyệt có đang tuyên bố tình trạng khẩn cấp hay không.",
)
def emergency(seen: Observation) -> Value:
    return None if seen.past is None else seen.past.state("emergency")
