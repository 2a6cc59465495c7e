"""Made-up sentences of every day, none of them harm: greetings, errands, animals, plain mentions.

The public sets hold insults and what was picked to look like them, and hardly a greeting; a model
made of them takes words it met only there ("chào", "con chó") for the harm beside them. These
sentences were written for this repository from ordinary talk and nothing else. Those in
`tests/signals/learned/everyday.txt` were written first and stay out. This module must never take a
sentence from a data set, nor from that file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation import sentences
from ombud.training.fit import Row

SOURCE = sentences.SOURCE

_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "hi": ("hey", "hi", "hello", "good evening", "welcome", "morning", "dear all", "howdy"),
        "who": ("all", "there", "friends", "folks", "from the coast", "team", "neighbours"),
        "kin": ("my sister", "my uncle", "our teacher", "a colleague", "my son", "the neighbour",
                "her grandmother", "his boss"),
        "animal": ("dog", "cat", "puppy", "rabbit", "hen", "horse", "goat", "parrot", "cow", "rat",
                   "pig", "monkey"),
        "animals": ("dogs", "cats", "pigs", "monkeys", "sheep", "rats", "donkeys", "snakes",
                    "chickens", "bees"),
        "does": ("likes carrots", "sleeps all day", "ran into the garden", "needs a walk",
                 "is afraid of thunder", "ate my breakfast", "is eight years old", "got a new bed"),
        "place": ("park", "market", "school", "kitchen", "office", "garage", "village", "museum"),
        "thing": ("book", "printer", "train", "recipe", "jacket", "lamp", "song", "camera", "map",
                  "window", "bicycle", "ticket"),
        "is": ("late", "broken again", "cheaper than last year", "on the table", "quite good",
               "in the box", "ready", "brand new", "too small for me", "worth it"),
        "when": ("tomorrow", "on Friday", "next week", "in the evening", "at noon", "this summer"),
        "did": ("went fishing", "painted the fence", "baked bread", "fixed the sink",
                "watched the match", "read a novel", "planted tomatoes", "called the doctor"),
        "group": ("women", "muslims", "gay people", "immigrants", "disabled people", "zorbians"),
        "live": ("run the bakery on the corner", "sing in the choir", "came to the concert",
                 "study medicine here", "celebrate tonight", "play chess in the square",
                 "fast this month", "are on the list of speakers"),
    },
    "vi": {
        "hi": ("chào", "xin chào", "hello", "chào buổi sáng", "alo", "kính chào"),
        "who": ("các bạn", "anh em", "mọi người", "cô chú", "thầy cô", "bác", "chị", "em", "nhóm"),
        "kin": ("mẹ mình", "ba em", "anh trai tôi", "cô giáo", "bạn cùng lớp", "ông ngoại",
                "con trai mình", "thằng em tôi", "chị hàng xóm", "con bé nhà chị"),
        "animal": ("con chó", "con mèo", "con gà", "con lợn", "con bò", "con trâu", "con thỏ",
                   "con khỉ", "con vịt", "đàn ong"),
        "does": ("thích chạy ngoài sân", "đang ngủ", "ăn nhiều lắm", "vừa sinh con",
                 "được ba tuổi rồi", "sợ sấm", "khôn ghê", "lông trắng đẹp lắm", "bị ốm hôm qua"),
        "place": ("công viên", "trường", "bếp", "sân", "chợ", "bệnh viện", "cơ quan", "làng"),
        "thing": ("quyển vở", "cái bàn", "chuyến tàu", "món canh", "đôi giày", "bài hát",
                  "cái đèn", "máy tính", "vé xem phim", "cái nón"),
        "is": ("đẹp lắm", "hỏng rồi", "rẻ hơn năm ngoái", "ở trên kệ", "mới tinh", "hơi chật",
               "cũng được", "đáng tiền", "ngon ghê", "xinh quá"),
        "when": ("ngày mai", "thứ sáu", "tuần sau", "buổi chiều", "tối nay", "mùa hè này"),
        "did": ("đi câu cá", "sơn lại hàng rào", "làm bánh", "sửa vòi nước", "xem bóng đá",
                "đọc truyện", "trồng cà chua", "gọi bác sĩ", "nấu phở", "đi thăm bà"),
        "group": ("phụ nữ", "người khmer", "người đồng tính", "dân nhập cư", "người khuyết tật",
                  "người zorba"),
        "live": ("mở tiệm bánh đầu ngõ", "hát trong ca đoàn", "đến buổi hòa nhạc",
                 "học ngành y ở đây", "đang ăn mừng", "chơi cờ ngoài quảng trường",
                 "ăn chay tháng này", "phát biểu hôm nay"),
    },
}  # fmt: skip
_TEMPLATES: Mapping[str, Sequence[str]] = {
    "en": (
        "{hi} {who}",
        "{hi} {who}, nice to meet you",
        "{hi} {who}, i am new here",
        "{kin}'s {animal} {does}",
        "our {animal} {does}",
        "that {animal} {does}, so sweet",
        "look at this little {animal} in the {place}",
        "{animals} live near the {place}",
        "{kin} keeps {animals}",
        "the {thing} is {is}",
        "is the {thing} {is}?",
        "where did you buy that {thing}?",
        "i left the {thing} in the {place}",
        "{kin} {did} {when}",
        "we {did} and then sat in the {place}",
        "who {did} in the {place}?",
        "see you at the {place} {when}",
        "can somebody bring the {thing} {when}?",
        "thank you, the {thing} is {is}",
        "congratulations to {kin}",
        "{group} {live}",
        "the {group} in our street {live}",
        "many {group} {live} {when}",
        "{kin} works with {group} at the {place}",
        "a talk about {group} at the {place} {when}",
    ),
    "vi": (
        "{hi} {who}",
        "{hi} {who} nha",
        "{hi} {who}, mình là người mới",
        "{animal} của {kin} {does}",
        "{animal} nhà em {does}",
        "{animal} này {does}, cưng ghê",
        "nhìn {animal} ở {place} kìa",
        "{kin} nuôi {animal}",
        "ở {place} có {animal}",
        "{thing} {is}",
        "{thing} có {is} không",
        "bạn mua {thing} ở đâu vậy",
        "mình để quên {thing} ở {place}",
        "{kin} {did} {when}",
        "cả nhà {did} rồi về {place}",
        "ai {did} ở {place} thế",
        "hẹn gặp ở {place} {when}",
        "{when} ai mang giúp {thing} nhé",
        "cảm ơn bạn, {thing} {is}",
        "chúc mừng {kin}",
        "{group} {live}",
        "{group} ở phố mình {live}",
        "nhiều {group} {live} {when}",
        "{kin} làm việc với {group} ở {place}",
        "buổi nói chuyện về {group} ở {place} {when}",
    ),
}


def rows(lang: str, weight: float) -> list[Row]:
    """All sentences of a language, in order; each is learned from, none is judged by."""
    return [
        Row(text, False, SOURCE, lang, weight=weight, taught=True)
        for template in _TEMPLATES[lang]
        for text in sentences.filled(template, _WORDS[lang])
    ]
