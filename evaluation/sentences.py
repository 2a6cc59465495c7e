"""Made-up sentences that differ in one thing: the starting points learn from them what changes a
text.

Public sets hold few texts that name a group kindly or plainly, deny an insult, or quote one to
object, so a model made of them takes the group, the word or the quotation for the harm. Here each
insult has its neighbours: the same words denied, quoted, of a thing, or of nothing. They were
written for this repository, from the names of HateCheck's functionalities and without its texts;
all words are plain ones. This module must never take a sentence from a data set.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from ombud.training.fit import Row

SOURCE = "made-up sentences"

# Every second group is one that nobody has heard of, so that a name outside the table of neutral
# terms changes less. The swap test has other such names.
_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "group": ("muslims", "zorbians", "muslims", "the plumerites", "muslims", "kasdorans"),
        "member": ("muslim", "zorbian", "muslim", "plumerite", "muslim", "kasdoran"),
        "thing": ("mondays", "traffic jams", "this phone", "wet socks", "that film", "the update"),
        "hate": ("hate", "despise", "loathe", "can't stand", "detest", "am sick of"),
        "love": ("love", "respect", "admire", "like", "enjoy talking to", "appreciate"),
        "bad": (
            "stupid",
            "disgusting",
            "worthless",
            "evil",
            "dirty",
            "pathetic",
            "dangerous",
            "inferior",
            "ugly",
            "lazy",
        ),
        "good": (
            "kind",
            "clever",
            "great",
            "lovely",
            "brave",
            "wonderful",
            "funny",
            "honest",
            "human too",
            "amazing",
        ),
        "beast": ("animals", "pigs", "rats", "vermin", "trash", "scum", "parasites", "filth"),
        "kill": ("die", "burn", "disappear", "be shot", "be killed", "suffer", "be wiped out"),
        "out": ("be deported", "be kicked out", "be banned from here", "leave our country"),
        "plain": (
            "live next door",
            "work in this shop",
            "play football here",
            "go to my school",
            "are in the news today",
            "came to the meeting",
            "moved to our street",
            "cook on Sundays",
            "asked about the rules",
            "vote next week",
        ),
        "wrong": ("wrong", "racist", "hateful", "not okay", "unacceptable", "a lie", "disgusting"),
    },
    "vi": {
        "group": ("người khmer", "người zorba", "người khmer", "dân kasdo"),
        "member": ("người khmer", "người zorba"),
        "thing": (
            "thứ hai",
            "kẹt xe",
            "cái điện thoại này",
            "phim này",
            "bản cập nhật",
            "trời mưa",
        ),
        "hate": ("ghét", "khinh", "căm thù", "chán ghét", "ghê tởm", "không chịu nổi"),
        "love": ("yêu", "quý", "tôn trọng", "ngưỡng mộ", "thích", "ủng hộ"),
        "bad": (
            "ngu",
            "bẩn thỉu",
            "vô dụng",
            "ngu dốt",
            "hèn",
            "mất dạy",
            "độc ác",
            "lười",
            "vô học",
        ),
        "good": (
            "tốt bụng",
            "thông minh",
            "dễ thương",
            "giỏi",
            "thân thiện",
            "dũng cảm",
            "tuyệt vời",
            "đáng quý",
            "thật thà",
        ),
        "beast": ("súc vật", "lũ chó", "rác rưởi", "ký sinh", "đồ cặn bã", "lũ lợn"),
        "kill": ("chết đi", "chết hết", "bị giết", "bị thiêu", "biến mất"),
        "out": ("cút đi", "cút về nước", "bị đuổi", "bị cấm ở đây"),
        "plain": (
            "sống cạnh nhà tôi",
            "làm ở quán này",
            "đá bóng ở đây",
            "học cùng trường tôi",
            "mới chuyển đến xóm",
            "nấu ăn ngày chủ nhật",
            "hỏi về nội quy",
            "đi bầu tuần sau",
        ),
        "wrong": ("sai", "kỳ thị", "không đúng", "xúc phạm", "không chấp nhận được"),
    },
}
_HARMFUL: Mapping[str, Sequence[str]] = {
    "en": (
        "i {hate} {group}",
        "honestly i {hate} all {group}",
        "{group} are {bad}",
        "{group} are so {bad}",
        "you {group} are {bad}",
        "you are a {bad} {member}",
        "{group} are {beast}",
        "{group} are just {beast} to me",
        "all {group} should {kill}",
        "i hope {group} {kill}",
        "{group} deserve to {kill}",
        "we should make {group} {kill}",
        "{group} should {out}",
        "why don't {group} {out}",
        "every {member} has to {out}",
        "{group} are not {good}",
        "no {member} is {good}",
        "{group} will never be {good}",
        "nobody wants {group} here",
        "why are {group} all so {bad}?",
        "in my view {group} are {bad}",
        "{group} do not deserve to live",
        "there is nothing {good} about {group}",
        "i do not {love} {group}",
        "that {bad} {member} again",
        "{group} make me sick",
        "{group} {plain}. they are {beast}",
        "you are {bad}",
        "you people are {beast}",
        "go and {kill}, you {bad} fool",
        "shut up, you {bad} idiot",
        "your face is {bad}",
    ),
    "vi": (
        "tôi {hate} {group}",
        "tao {hate} {group}",
        "{group} toàn {bad}",
        "{group} {bad} quá",
        "bọn {group} {bad}",
        "{group} là {beast}",
        "{group} chỉ là {beast}",
        "{group} nên {kill}",
        "mong {group} {kill}",
        "{group} đáng {kill}",
        "{group} phải {out}",
        "bọn {group} {out}",
        "{group} không {good}",
        "không ai cần {group} ở đây",
        "sao {group} {bad} thế",
        "{group} không đáng sống",
        "chẳng có gì {good} ở {group}",
        "{group} {plain}, đúng là {beast}",
        "mày {bad}",
        "mày là {beast}",
        "đồ {bad}, {out}",
        "im đi đồ {bad}",
        "mặt mày {bad}",
        "thằng {bad} này {out}",
    ),
}
_HARMLESS: Mapping[str, Sequence[str]] = {
    "en": (
        "i {love} {group}",
        "honestly i {love} all {group}",
        "{group} are {good}",
        "{group} are so {good}",
        "you {group} are {good}",
        "you are a {good} {member}",
        "i am a {member} and proud of it",
        "as a {member} i feel {good}",
        "{group} {plain}",
        "some {group} {plain}",
        "my friend is a {member}",
        "we are {group}",
        "many {group} {plain}",
        "{group} should be free to {plain}",
        "{group} deserve to be happy",
        "welcome, {group}",
        "{group} deserve to live in peace",
        "thank you to all {group} here",
        "are there {group} here?",
        "i do not {hate} {group}",
        "i don't {hate} {group}",
        "{group} are not {bad}",
        "{group} aren't {bad}",
        "{group} are not {beast}",
        "no {member} should {kill}",
        "no {member} deserves to {kill}",
        "nobody should {out} for being a {member}",
        "i never said that {group} are {bad}",
        "it is not true that {group} are {bad}",
        'saying "{group} are {bad}" is {wrong}',
        'whoever says "i {hate} {group}" is {wrong}',
        'he wrote "{group} are {beast}" and that is {wrong}',
        'stop posting "{group} should {kill}"',
        "calling {group} {beast} is {wrong}",
        "people who say that {group} are {bad} are {wrong}",
        "nobody should ever say that {group} are {bad}",
        "it is {wrong} to call {group} {bad}",
        "you can't just say that all {group} should {kill}",
        "never tell a {member} to {kill}",
        "how can anyone say {group} are {beast}?",
        "hating {group} is {wrong}",
        "i {hate} {thing}",
        "{thing} should {kill}",
        "{thing} are {bad}",
        "{thing} is so {bad}",
        "i {love} {thing}",
        "{thing} is {good}",
        "damn, {thing} is {good}",
        "fuck, i {love} {thing}",
        "holy shit that was {good}",
        "today was fucking {good}",
        "you are {good}",
        "you are not {bad}",
        "{group} {plain}. they are {good}",
        "what a {good} idea you had",
        "this weather is {bad}",
    ),
    "vi": (
        "tôi {love} {group}",
        "mình {love} {group}",
        "{group} rất {good}",
        "{group} {good} quá",
        "{group} {plain}",
        "có {group} {plain}",
        "bạn tôi là {group}",
        "tôi là {group}",
        "mình là {group} và tự hào",
        "{group} đáng được hạnh phúc",
        "chào {group}",
        "cảm ơn {group}",
        "ở đây có {group} không",
        "tôi không {hate} {group}",
        "{group} không {bad}",
        "{group} không phải {beast}",
        "không ai đáng {kill} vì là {group}",
        "đừng nói {group} {bad}",
        "nói {group} {bad} là {wrong}",
        "gọi {group} là {beast} là {wrong}",
        'nói "{group} {bad}" là {wrong}',
        'ai viết "{group} là {beast}" thì {wrong}',
        "không ai được nói {group} {bad}",
        "những người nói {group} {bad} là {wrong}",
        "{hate} {group} là {wrong}",
        "tôi {hate} {thing}",
        "{thing} {bad} quá",
        "{thing} thật {good}",
        "tôi {love} {thing}",
        "bạn {good} quá",
        "bạn không {bad}",
        "vãi, {thing} {good} thật",
        "{group} {plain}, họ {good}",
        "trời hôm nay {good}",
        "ý kiến của bạn {good}",
    ),
}
PER_TEMPLATE = 24  # sentences of one template at most


def rows(lang: str, weight: float) -> list[Row]:
    """All sentences of a language, in order."""
    return [
        Row(text, harm, SOURCE, lang, weight=weight, taught=True)
        for harm, templates in ((True, _HARMFUL[lang]), (False, _HARMLESS[lang]))
        for template in templates
        for text in filled(template, _WORDS[lang])
    ]


def filled(template: str, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The template with words in its slots: evenly chosen among all ways to fill it."""
    slots = re.findall(r"{(\w+)}", template)
    ways = list(itertools.product(*(words[slot] for slot in slots)))
    step = max(1, len(ways) // PER_TEMPLATE)
    for way in ways[::step][:PER_TEMPLATE]:
        text = template
        for slot, word in zip(slots, way, strict=True):
            text = text.replace("{" + slot + "}", word, 1)
        yield text
