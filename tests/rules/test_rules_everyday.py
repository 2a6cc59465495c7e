"""The words of ordinary writing: what a language cannot go without, and nothing else."""

from __future__ import annotations

import pytest

from ombud.rules.everyday import EVERYDAY, FUNCTION_WORDS
from ombud.rules.writing import spoken_words
from ombud.signals import views

# Words that rules are written for: none of them may ever stand among everyday words.
ASKED_FOR = frozenset(
    {"casino", "bet", "loan", "invest", "crypto", "nitro", "free", "money", "earn", "idiot", "kys",
     "whatsapp", "telegram", "zalo", "inbox", "tiền", "vay", "kiếm", "bán", "hàng", "giá", "rẻ",
     "ngu", "đánh", "lô", "казино", "ставки", "инвестиции", "заработок", "бесплатно", "赌博",
     "微信", "加", "免费", "投资", "贷款", "ربح", "استثمار", "قرض", "كازينو", "무료", "도박",
     "無料",
     "副業"}
)  # fmt: skip


@pytest.mark.parametrize("line", [*FUNCTION_WORDS, *EVERYDAY])
def test_no_line_has_a_word_that_a_rule_asks_for(line: str) -> None:
    """Else honest rules would be refused as picking a language."""
    assert not set(views.normalise(line).split()) & ASKED_FOR


@pytest.mark.parametrize(
    "words",
    ["hello thanks please yes today you",
    "cảm ơn chào ơi nhé mày bạn vâng hôm nay anh chị việt nam",
     "спасибо привет сегодня пожалуйста ты да", "谢谢 你好 今天 我们", "شكرا مرحبا اليوم نعم أنت",
     "hola gracias hoy sí", "merci bonjour oui vous", "danke hallo heute ja", "obrigado olá sim",
     "grazie ciao oggi", "dziękuję dzisiaj tak", "teşekkürler merhaba bugün", "terima kasih kamu",
     "धन्यवाद आज हाँ", "ধন্যবাদ আজ", "நன்றி இன்று", "감사합니다 오늘", "ありがとう 今日",
     "ขอบคุณ วันนี้",
     "дякую привіт так", "ευχαριστώ σήμερα", "תודה שלום היום", "salamat po", "asante habari",
     "dank vandaag", "tack idag", "kiitos kyllä", "köszönöm igen", "mulțumesc azi", "شکریہ",
     "ممنون"],
)  # fmt: skip
def test_greetings_thanks_and_days_are_there(words: str) -> None:
    """In the languages with the most writers."""
    assert set(words.split()) <= spoken_words()
