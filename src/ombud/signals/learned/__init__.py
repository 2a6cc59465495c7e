"""Learned signals: linear models over hashed words, that no group, party or office can sway.

    neutral       the table of terms that are one and the same term to every model
    tones         classes of words, and whom a clause says them of
    features      a text as tokens, and tokens as hashed features
    model         one model: its file, and its score as integers
    shipped       the two models in this package, and which of them a text is for
    insult        the declared facts that rest on them

Everything here is pure and needs neither scikit-learn nor numpy: models are made by `training`, in
another process. A score is a hint: it orders what people look at. It must never be the only thing
a restriction rests on, and the compiler refuses a rule that tries.
"""
