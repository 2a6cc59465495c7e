"""Doubtful things on their way to a person: cases, their order, who has them, what is kept of them.

    order      in which order cases come, and the sentence that says why
    gathering  what a person is asked becomes a case, or joins one that is open
    desk       claims, snoozes, notes: what people do with cases without judging them
    evidence   which bodies must be kept, and until when; what has its end is let go

What a person decides is a control (`controls/review.py`). Nothing in here may decide.
"""
