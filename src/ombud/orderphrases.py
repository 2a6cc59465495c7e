"""The sentences by which a case says why it stands where it does among those that wait.

A part of `phrases`, which has them all. This module must never contain what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

ORDER: Mapping[str, Mapping[str, str]] = {
    "order.urgent": {
        "en": "Urgent: somebody should look within {length}.",
        "vi": "Khẩn: cần có người xem trong {length}.",
    },
    "order.threats": {
        "en": "Threats: somebody should look within {length}.",
        "vi": "Đe dọa: cần có người xem trong {length}.",
    },
    "order.private-data": {
        "en": "Private data: somebody should look within {length}.",
        "vi": "Dữ liệu riêng tư: cần có người xem trong {length}.",
    },
    "order.malware": {
        "en": "Malware: somebody should look within {length}.",
        "vi": "Mã độc: cần có người xem trong {length}.",
    },
    "order.scam": {
        "en": "A scam: somebody should look within {length}.",
        "vi": "Lừa đảo: cần có người xem trong {length}.",
    },
    "order.harassment": {
        "en": "Harassment: somebody should look within {length}.",
        "vi": "Quấy rối: cần có người xem trong {length}.",
    },
    "order.hate": {
        "en": "Hate: somebody should look within {length}.",
        "vi": "Thù ghét: cần có người xem trong {length}.",
    },
    "order.impersonation": {
        "en": "Impersonation: somebody should look within {length}.",
        "vi": "Mạo danh: cần có người xem trong {length}.",
    },
    "order.spam": {
        "en": "Spam can wait: somebody should look within {length}.",
        "vi": "Thư rác có thể chờ: cần có người xem trong {length}.",
    },
    "order.flood": {
        "en": "A flood can wait: somebody should look within {length}.",
        "vi": "Tràn ngập có thể chờ: cần có người xem trong {length}.",
    },
    "order.form": {
        "en": "A matter of form: somebody should look within {length}.",
        "vi": "Vấn đề hình thức: cần có người xem trong {length}.",
    },
    "order.context": {
        "en": "A source to be shown: somebody should look within {length}.",
        "vi": "Nguồn cần hiển thị: cần có người xem trong {length}.",
    },
    "order.appeal": {
        "en": "An appeal: somebody should look within {length}.",
        "vi": "Khiếu nại: cần có người xem trong {length}.",
    },
    "order.other": {
        "en": "It is about no person: somebody should look within {length}.",
        "vi": "Việc này không về ai: cần có người xem trong {length}.",
    },
    "order.unsure": {
        "en": "Nobody has shown yet that this is right, so it comes sooner.",
        "vi": "Chưa ai cho thấy điều này đúng, nên được xem sớm hơn.",
    },
    "order.behind": {
        "en": "Others like it are open, so it comes {length} later.",
        "vi": "Đang có các việc tương tự, nên lùi lại {length}.",
    },
    "order.waited": {"en": "It has waited {length}.", "vi": "Đã chờ {length}."},
}
