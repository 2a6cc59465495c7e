"""The prose of the generated reference pages; `generate.py` puts it beside what the program says.

Where a mapping explains a closed list of the program, `generate.py` refuses to go on when the two
differ. This module must never hold a number or a name that the program knows: they are filled in.
"""

from __future__ import annotations

SIGNALS = """
A *signal* is a declared observation of one event; its value for one event is a *fact*. A rule
compares facts: `author.age < 3 days`. A fact that rests on something the platform did not say is
*unknown*, and an unknown fact never makes a rule fire.

The names below are all there are. `ombud signals list` prints them, and `ombud signals explain
FILE` shows every fact of each event in a file. A version changes whenever a signal could give
another value for the same event; a rule that reads it is then a new version of that rule.
"""

TYPES = {
    "count": "A whole number with a noun: `links.count >= 2`.",
    "duration": "A length of time with its unit: `author.age < 3 days`.",
    "percent": "A whole percentage; inside it is a whole number of permille: `>= 70 %`.",
    "yes or no": "Stands alone as a condition, or is compared with `yes` or `no`.",
    "text": "One text, compared by `contains`, `starts with`, `matches` or `resembles`.",
    "texts": "Several texts, for `any in list` and `all in list`.",
    "name": 'Stands for an identifier, without regard to case: `author in list "helpers"`.',
}

LEARNED = """
One fact for each clause: `likely spam.links >= 80 %`. Of what broke the clause in the past and what
did not, as people decided, `ombud learn` trains a small model; the fact is its calibrated answer
for the text. Without a model it is unknown, and `ombud rules check` says so. An example states the
value (`likely spam.links  92 %`); what it does not state is 0. Remove, limit and anything on an
account may not rest on it alone.
[How to train one](../how-to/learn-from-your-own-decisions.md).
"""

COUNTERS = """
A counter needs a window: `author.posts in last 10 minutes`. The judged event is included;
duplicates, events that came more than a day late and records of publication are not. Windows are
given in {units}. An answer of {cap} means "{cap} or more". What lies before the time from which a
window is complete, or was let go for want of room, makes the answer unknown, never low.

`to target`, `to author` and `to room` narrow a counter to events about the same person or place;
a word after `with` narrows it further. `share of author.posts with links in last 30 days` is the
part of the posts that have links, unknown below {least} posts.

`room.joins against usual in last 1 hour >= 5` asks how many times what is usual there the count is,
in whole times, up to {times}: "{times} or more". Usual is how many the fullest stretch of the same
length has on an ordinary day: the median of the last {days} days (UTC) before today, silent ones
included, from the first of them with an entry; a usual of nothing counts as one. It is unknown
where that first day is fewer than {known} days back. Lengths go from 10 minutes to 1 day. To raise
what is usual somebody must fill more than half of those days. Where the count itself has reached
{cap}, the rate is unknown unless it is {times} or more.
"""

MEMORIES = """
Some phrases ask for what was said before. For them the community remembers, for a fixed time, small
integers that stand for names and passages and from which none can be read; they go with an erasure.
Only what a rule in use asks for is remembered.

A name is kept as a set of {bits} bits, one for each pair of its neighbouring letters. So names can
look a little more alike than they are: of two unrelated names of ten letters, one pair in about
{false} reaches 70 %. Names that differ only in digits at the end, case, diacritics, spaces or
look-alike letters are fully alike. Names can be alike by nature: in a school class of 21 with
Vietnamese full names, the last one is 70 % like another in about a third of the classes, 85 % in
about one in twenty. One's own earlier names are left out, and by chance one in
{others} of other people's too. At most {names} names of a room are kept. Where one that was let go
could change the answer, the answer is unknown.

Of the name of an established member two numbers are kept: keyed hashes of its letters without
diacritics and with them, both without numbers and trust words ("support"). At most {names} such
names of a room, and as many of a platform, are kept, those of whoever posted last.

A text quotes somebody where it holds words that this person wrote here, with quotation marks or
without. A reply to somebody whom the platform does not name is unknown, a post that answers and
mentions nobody quotes nobody.
"""

PHRASES = {
    "quotes": "`text quotes target`",
    "established members": "`author.name resembles established members`",
    "recent names": "`author.name resembles recent names`",
}

ERRORS = """
Every error has three parts: what is wrong, where, and what to do. As JSON: `code`, `message`,
`where`, `hint`. A code keeps its meaning for good and is never used again for something else.
Words in braces stand for what is filled in.
"""

LETTERS = {
    "E": "One event cannot be taken; the others can.",
    "R": "Rules, policies or lists cannot be taken; what runs stays as it is.",
    "D": "The data folder cannot be used as it is.",
    "L": "A public log does not hold together.",
    "U": "A command or a setting was used wrongly.",
}

HTTP = """
What `ombud serve` answers to programs. `GET /openapi.json` describes the same with every field. A
key goes in `Authorization: Bearer omb_...`; `ombud connect key` says which doors it opens. Every
error has one shape: `{"error": {"code", "message", "where", "hint"}}`. An answer 503 carries
`Retry-After`; events sent again are known and judged once.

`/v1/events` takes one event, an array, or lines (NDJSON); one bad event is refused alone.
`/v1/check` answers `allow`, `hold` or `refuse` by the hook's deadline, with a link to the reasons
for the author. What comes of it later is told by [webhooks](webhooks.md).
"""

HTTP_PAGES = """
## Pages for people

| page | what it shows |
| --- | --- |
| `/` | what this server is; of `ombud demo` the live page |
| `/notice/TOKEN` | what one person is told, with the form of an appeal; needs no account |
| `/ledger` | the public log, its witnesses, and how to check it; its files lie below |
| `/notice/TOKEN/receipt/DECISION` | the receipt of a decision on that page, a `.tlog-proof` |
| `/notice/TOKEN/opening/DECISION` | the statement that the receipt is of, for its person |
"""

EVENTS = """
An event says what happened on the platform. On the wire it is [CloudEvents
1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md) in JSON:
a single event, an array of events, or one event a line (NDJSON). One event may have {bytes}
bytes.

```json
{{"specversion": "1.0", "id": "5", "source": "forum/general", "type": "post.created",
 "time": "2026-11-22T10:00:00Z", "subject": "post/5",
 "data": {{"author": {{"id": "acct_1", "name": "Ana", "created": "2026-11-21T22:00:00Z"}},
          "text": "See http://a.example", "room": {{"id": "general"}},
          "in_reply_to": {{"id": "post/2", "author": {{"id": "acct_9"}}}},
          "links": [{{"url": "http://a.example", "shown": "b.example"}}]}}}}
```

Only `id`, `source`, `type` and `time` are needed; facts that rest on what is missing are unknown.
Fields that are not in the tables below are dropped when the event is read and are kept nowhere:
do not send IP or mail addresses, they have no effect.

A bad event is refused alone, with the path of what is wrong (`$.data.author.id`); its neighbours
are taken. `source` and `id` together name an event. The same event sent again with the same
content is answered as a duplicate, whatever the order of its fields or the offset of its times;
with other content it is refused as a conflict, and the first one stands.
"""

KINDS = """
The type says what happened; the kind is what a rule is written `for`.
"""

EVENT_TYPES = {
    "post.created": "Somebody posted. The kind is `reply` where `in_reply_to` is given.",
    "post.edited": "A post was changed; `before` says what it was.",
    "post.deleted": "A post was deleted. Counts do not go down.",
    "account.created": "Somebody registered.",
    "account.updated": "Somebody changed their profile.",
    "member.joined": "Somebody joined a room or the community.",
    "member.invited": "Somebody invited somebody, who is in `mentions`, into a room.",
    "room.created": "Somebody made a room; its name and topic are the text.",
    "upload.created": "Somebody uploaded a file.",
    "flag.created": "A member reported something; `reported` says what.",
}

EVENT_FIELDS = """
Identifiers (`id`, `source`, `type`, `subject`, roles) are printable text: control, zero-width and
direction characters in them are refused. In texts and names every character is kept.
"""

FIELDS = {
    "Event.id": "Unique within its `source`.",
    "Event.source": (
        "Where it comes from, `platform/place`. What stands before the first slash is the "
        "platform: accounts of two platforms are never linked. Each source has a stream time of "
        "its own."
    ),
    "Event.type": "One of the types above.",
    "Event.time": "When the platform accepted it, by the platform's clock.",
    "Event.specversion": "The version of CloudEvents; may be left out.",
    "Event.subject": "How the platform calls what was made: `post/5`. Actions name it.",
    "Event.data": "What happened, in fields.",
    "Data.author": "Who did it.",
    "Data.text": "What was written, as written.",
    "Data.room": "Where.",
    "Data.server": "From which server.",
    "Data.in_reply_to": "What is answered.",
    "Data.mentions": "Who is mentioned.",
    "Data.links": "Links beside those in the text, with what the reader is shown.",
    "Data.media": "Attached files.",
    "Data.before": "What an edited post was.",
    "Data.reporter": "Who sent a flag.",
    "Data.reported": "What a flag is about: an identifier, or a record with its author.",
    "Data.reason": "Why a member flagged it, in their words.",
    "Data.check_id": "The id under which this was checked before publication.",
    "Account.id": "How the platform names the account, for good.",
    "Account.name": "The display name.",
    "Account.created": "When the account was made, as the platform says.",
    "Account.lang": "The person's language, as in BCP 47: `vi-VN`. Notices use it.",
    "Account.roles": "Roles on the platform: `moderator`.",
    "Account.avatar": "Their picture, by its hashes.",
    "Avatar.pdq": "Its PDQ hash, as `ombud signals pdq FILE` tells it.",
    "Avatar.quality": "How much there is to see, 0 to 100; a hash of less than 50 is passed over.",
    "Avatar.sha256": "Of the file, in hexadecimal.",
    "Room.id": "How the platform names the room.",
    "Room.name": "Its display name.",
    "Server.id": "The server's name.",
    "Server.created": "When the server was set up, as the platform says.",
    "Link.url": "Where it leads.",
    "Link.shown": "What the reader sees.",
    "Media.id": "How the platform names the file, for good: another file has another name.",
    "Media.type": "Its media type: `image/png`.",
    "Media.sha256": "Its digest, in hexadecimal.",
    "Reply.id": "The post that is answered.",
    "Reply.author": "By whom it was.",
    "Before.text": "The text before the edit.",
    "Before.links": "The links before the edit.",
    "Before.time": "When it was posted.",
    "Reported.id": "The thing that is reported.",
    "Reported.author": "By whom it is.",
}

EVENT_TIME = """
## Time

`time` is when the platform accepted the event, between the years 1970 and 9999, with a zone.
Ombud also records when it received the event, strictly increasing. Each source has a stream time:
the latest `time` it has sent, never ahead of receipt. An event's place in the windows is the
stream time of its source, so that a backdated event counts now, and an event from the future
counts at its receipt.

An event more than 24 hours behind the community's time is *stale*: it is judged, but facts that
count over time are unknown for it, and it enters no window. To read in history beside live
traffic, give it a timeline of its own: `ombud ingest FILE --timeline NAME`.
"""
