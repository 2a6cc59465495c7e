"""The words of the reference about controls: the closed list, one sentence or two for each."""

from __future__ import annotations

CONTROLS_INTRODUCTION = """
A control is any input other than an event that can change a later verdict or restriction, or what
staff may see or do.
Controls stand in the journal between the events, in the one order; replay applies them where they
stand and never makes them anew. The list is closed: the journal takes no other.
"""

CONTROLS = {
    "config": "Activates a configuration for every record after it. Carries the texts of rules and"
    " policies, the digests of lists, the settings, who activated it, and how each rule stands:"
    " author, approvals, until when it watches.",
    "standing_order": (
        "A person orders what is done to a campaign, also to what is still to come of it: in which"
        " cluster of texts, which rooms, by which rule, until when. Or ends it before its time."
        " It has a line in the public log."
    ),
    "renewal": "Gives a rule on watch 90 days more, from its receipt on.",
    "approval": (
        "A second person stands behind the version of a rule that is in force. People are tokens;"
        " who they are is in the key file alone."
    ),
    "clock": (
        "Somebody says that the machine's clock is right, after it was found far ahead: who, as a"
        " token, and by how many microseconds it was ahead. It changes no verdict; what ends by its"
        " age is dated by the clock."
    ),
    "lookup": (
        "Somebody of the staff looks up a member, a post, a room or a server. Who and whom are "
        "tokens; the reason is sealed under a key that is erased with whom it is about. It changes "
        "no verdict."
    ),
    "demand": (
        "What an authority, a court, a lawyer or anybody demanded is entered, confirmed, answered"
        " or kept secret; or, by the writer, the people concerned are told what had to be kept from"
        " them. It changes no verdict. Who demands what is sealed; its line in the public log is"
        " the same for each."
    ),
    "staff": (
        "Somebody joins the people who run the community, gets other roles, is suspended, comes "
        "back or goes. Who and by whom are tokens; the public log says what and which roles."
    ),
    "population": (
        "The hits of one rule version that a certificate's sample is drawn from, who will label"
        " them, and what is to be proved. Authors, texts and languages are numbers that mean"
        " nothing elsewhere. It comes before the seed, and has a line in the public log, as have"
        " the next five."
    ),
    "draw": (
        "The seed by which a population is put in order, or what is mixed in among an audit's"
        " actions. The writer appends it."
    ),
    "label": (
        "What one person says of one item: whether it breaks the clause. Or, by the writer, that"
        " what was drawn has not been labelled in time."
    ),
    "labelling": "No more hits of a sample are put before people, until it is gone on with.",
    "certificate": (
        "A rule's version gets leave to act, because its labels prove its precision; keeps it for"
        " 90 days more; or its time is over. The writer appends it."
    ),
    "demotion": (
        "A certificate is taken away at once: an audit, or what people undid, says that the rule"
        " is not good enough any more. The writer appends it."
    ),
    "undo": (
        "Takes back decisions: of one id, a rule, a role, a person or a time range. Restrictions "
        "end, inverse actions are asked for, and everybody concerned is told. Within ten seconds "
        "also a review: what it had ended stands again."
    ),
    "review": (
        "A person judges a case: upholds it, with what is then done, or releases it. Names the"
        " records, the decisions that were made, released and replaced, the staff role, and who it"
        " was, and who confirmed it, as tokens. What was judged no later campaign acts on."
    ),
    "outcome": (
        "A person decides appeals: upheld, partial, reversed or omitted. What is reversed is undone"
        " and what is partial replaced. Who it was stands in it as a token."
    ),
    "access": (
        "A program gets a key to the doors or loses it, or a platform gets another secret for its"
        " webhooks. Names the key and what it opens, never the key; who did it is a token. The"
        " public log says what was done, and of which key not."
    ),
    "erasure": (
        "Destroys the keys of one account's bodies and decisions, cuts its token loose, and takes"
        " its entries out of the windows. Or blacks words out of records: copies without them stay."
    ),
    "list": (
        "An entry is added to a list or taken out, put in quarantine or released, or a file is "
        "imported. Names the line by its digest. The public log says that the configuration "
        "changed, and no more."
    ),
    "duty": (
        "A moderator begins to be on duty, until an instant the control names (8 hours if nobody "
        "says, 24 at most), or says that nobody is on duty any more. Rules ask for it as `on duty`."
    ),
    "emergency": (
        "An emergency is declared, until an instant the control names (6 hours if nobody says, 24 "
        "at most), or ended before its time. Rules ask for it as `emergency`. It has a line in the "
        "public log."
    ),
    "ended": (
        "A restriction has reached its end. The writer appends it when the receipt of a record "
        "passes that end."
    ),
    "publication": (
        "The stream brings a post that was checked before, as it was checked: judged and counted no"
        " second time. What the answer had held back is sent after all."
    ),
    "deadline": (
        "Checks that were answered by their hook's choice before they were judged. Where that was"
        " to allow, what was then decided is sent after all."
    ),
}
