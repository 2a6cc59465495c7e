"""Whether a text condition picks a language or an alphabet, instead of asking for words.

A condition is tried on ordinary writing: sentences of function words in many languages, and the
letters of every alphabet that this Unicode knows. One that holds of some of it and not of all tells
who writes in what, since nobody can write there without meeting it; one that holds of none has
words of its own, in whatever alphabet, and one that holds of all of it tells nothing. No language
is listed as one to be guarded: a condition is weighed by what it holds of. It is a floor, not a
proof: a rarer word that only one language has is not noticed. This module must never judge a
person's text.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterator

from ombud.rules.phrases import compiled
from ombud.rules.tree import TextTest
from ombud.signals import views
from ombud.signals.lists import TermList

LENGTH = 180  # letters of each text, so that a condition on length holds of all or of none
AGAIN = 20  # so often a letter is tried in a row, for patterns that want several
RUNS = 8  # letters of an alphabet that are tried in a row
SIGNS = 2000  # an alphabet of more has signs that are words: one of them alone picks nobody
SHOWN = 24  # letters of what is shown as an example
_PLANES = 0x20000
_PART = LENGTH // 2

# Pronouns, conjunctions, prepositions and the like: what no text of a language goes without.
_SENTENCES = (
    "and then it is not what they said of you but with his or her own from now on when we are in",
    "that was the same for all of us who have been there as she will do if i can so would this be",
    "và những cái này của chúng tôi không được như thế nhưng nếu có người ở trong đó thì cũng rất",
    "vì tương tự bạn đã đang sẽ với một khi nào mà lại nên từ đến về bởi tại cùng hay hoặc cả mọi",
    "khong duoc nhung cua cung nhu neu trong voi cac thi deu",
    "y entonces no es lo que ella ha dicho a los otros pero cuando en su para una más como por él",
    "e não é o que ela disse aos outros mas quando em sua para uma mais como por ele também são",
    "et puis ce ne sont pas les autres qui ont dit mais quand elle est dans sa pour une plus où",
    "und dann ist es nicht was sie den anderen gesagt haben aber wenn er für eine auch über der",
    "e poi non è quello che lei ha detto agli altri ma quando nella sua per una più come gli sono",
    "en dan is het niet wat zij aan de anderen hebben gezegd maar als hij voor een ook over met",
    "i potem to nie jest co ona tym innym ale kiedy w jej dla się że są już był będzie przez więc",
    "a pak to není co ona řekla těm ostatním ale když v její pro že jsou už byl bude přes což",
    "och sedan är det inte vad hon har sagt till de andra men när i sin för en också över på som",
    "og så er det ikke hva hun har sagt til de andre men når i sin for også over på som ved av",
    "ja sitten se ei ole mitä hän on sanonut mutta kun niin että myös tämä joka vielä hyvin sekä",
    "és akkor ez nem az amit ő mondott a többieknek de ha egy is hogy már még csak volt lesz vagy",
    "și apoi nu este ce a spus ea celorlalți dar când în sa pentru o mai și cum sunt fost care pe",
    "ve sonra bu onun değil ama için bir daha çok gibi olan ile kadar ne ise şey olarak sonra da",
    "dan kemudian itu bukan apa yang dia sudah tetapi ketika di dalam untuk satu juga dengan ini",
    "at pagkatapos hindi iyon ang kanilang mga pero kung sa para din ito ay ng siya rin naman",
    "na kisha si hiyo kwa wengine lakini wakati katika yake ya kwamba pia hii ni ambao kama hivyo",
    "и потом это не то что она другим но когда в своей для и ещё как по он также были уже если бы",
    "і потім це не те що вона іншим але коли у своїй для ще як він також були вже якщо чи її",
    "και μετά δεν είναι αυτό που είπε στους άλλους αλλά όταν σε για μια πιο όπως από ήταν θα να",
    "و ثم ليس هذا ما قالت في على من إلى عن مع التي الذي كان لكن عندما بعد قبل هو هي أن إن قد",
    "و بعد این نیست که او به دیگران گفت اما وقتی در از با برای یک هم است بود را آن ما شما می",
    "اور پھر یہ نہیں ہے جو اس نے کہا لیکن جب میں کے لیے ایک بھی تھا کی سے پر کو ہیں وہ ہم آپ",
    "ואז זה לא מה שהיא אמרה אבל כאשר של את על עם גם הוא היא אני לא כי אם או יותר כמו היה",
    "और फिर यह नहीं है जो उसने कहा लेकिन जब में के लिए एक भी था की से पर को हैं वह हम आप",
    "এবং তারপর এটা নয় যা সে বলেছে কিন্তু যখন এর জন্য একটি ও ছিল থেকে তার আমি আমরা আপনি করে",
    "பின்னர் அது இல்லை அவள் சொன்ன ஆனால் ஒரு மற்றும் இந்த அந்த என்று போது நான் நாம் அவர் உள்ள",
    "మరియు అది కాదు ఆమె కానీ ఒక ఈ ఆ అని కూడా నేను మేము మీరు ఉన్న కోసం నుండి తో",
    "แล้วก็ไม่ใช่ ที่เธอได้ แต่เมื่อ อยู่ในของ สำหรับหนึ่ง ก็ยังเป็น และจะ ให้กับ ว่านี้ ซึ่งมี",
    "그리고 그것은 아니라 우리가 하지만 때 에서 위해 하나 또한 있는 이 그 저 수 것을 하는 합니다",
    "그래서 나는 너는 그런데 이제 다시 같은 없는 있다 않다 했다 되는 보다 까지 부터 만 도",
    "そして それは ではない 私たち しかし ために この その ある もの また として から まで です",
    "それで 何が 彼らは ここに とても そう ので けれど だった ません でも という こと よう いる",
    "然后这不是他 们说的但在那里 我和你也有了 就会可以因为 所以没有到上 对于什么着过",
    "然後這不是他 們說的但在那裡 我和你也有了 就會可以因為 所以沒有到上 對於什麼著過",
    "და მერე ეს არ არის რაც მან თქვა მაგრამ როცა ამ იმ და რომ იყო ჩვენ თქვენ მისი უფრო კი",
    "և հետո սա չէ ինչ նա ասաց բայց երբ այս այն որ էր մենք դուք նրա ավելի համար մեջ հետ",
    "እና ከዚያ ይህ አይደለም እሷ ግን ነው ውስጥ ላይ ጋር እኛ እናንተ የ ስለ ወደ ነበር",
)

Texts = tuple[str, ...]


def picks(written: TextTest) -> str | None:
    """A piece of ordinary writing that a condition holds of, where it holds of some only."""
    if written.how == "quotes":
        return None
    return _picks(written.how, written.operand)


def of_list(terms: Callable[[str, str, str, str], tuple[str, ...]]) -> str | None:
    """A term of a list that ordinary writing of some languages or alphabets has; `terms` says which
    occur in a text, as `TermList.find`.
    """

    def found(text: str) -> str | None:
        return next(iter(terms(text, text, "", "")), None)

    return None if found(_everything()) is None else _some_only(found, "")


@functools.lru_cache(maxsize=1024)
def _picks(how: str, operand: str) -> str | None:
    found = _finder(how, operand)
    if how != "matches" and found(_everything()) is None:
        return None
    return _some_only(found, operand)


def _some_only(found: Callable[[str], str | None], operand: str) -> str | None:
    """What of ordinary writing is found, where it is found in some of it and not in all."""
    example, every = None, True
    for texts in writing():
        here = next((piece for text in texts if (piece := found(text)) is not None), None)
        if here is None:
            every = False
        elif example is None:
            example = here[:SHOWN].strip() or operand[:SHOWN]
        if example is not None and not every:
            return example
    return None


def _finder(how: str, operand: str) -> Callable[[str], str | None]:
    """What of a normalised text a condition holds of; None where it does not hold."""
    if how == "matches":
        search = compiled(operand).search

        def matched(text: str) -> str | None:
            found = search(text.encode())
            return None if found is None else found.group(0).decode(errors="replace")

        return matched
    wanted = views.normalise(operand)
    if how == "starts with":  # any text may begin with any of its words
        return lambda text: wanted if f" {wanted}" in f" {text}" else None
    whole = wanted[0].isalnum() and wanted[-1].isalnum()
    term = TermList("", (operand,))
    return lambda text: (
        wanted if wanted in text and (not whole or term.find(text, text, "", "")) else None
    )


@functools.cache
def writing() -> tuple[Texts, ...]:
    """Ordinary writing by language, then by alphabet: normalised texts of LENGTH letters each."""
    sentences = [(_filled(views.normalise(each)),) for each in _SENTENCES]
    return (*sentences, *_alphabets())


@functools.cache
def _everything() -> str:
    return " ".join(text for texts in writing() for text in texts)


def _filled(text: str) -> str:
    """A text again and again, up to LENGTH."""
    return (f"{text} " * (LENGTH // (len(text) + 1) + 1))[:LENGTH]


def _alphabets() -> Iterator[Texts]:
    """The letters of each alphabet, one by one and in a row; a to z stand in sentences."""
    alphabets: dict[str, list[str]] = {}
    known = compiled(r"^\pL$").search  # a pattern can only ask for letters that RE2 knows
    for code in range(128, _PLANES):
        letter = chr(code)
        if letter.isalpha() and views.normalise(letter) == letter and known(letter.encode()):
            alphabets.setdefault(unicodedata.name(letter, "").split(" ")[0], []).append(letter)
    for letters in alphabets.values():
        if len(letters) > SIGNS:
            continue
        parts = [" ".join(letters[at : at + 100]) for at in range(0, len(letters), 100)]
        parts += [" ".join(letter * AGAIN for letter in letters[:RUNS])]
        yield tuple(_filled(part) for part in parts)
