"""`ombud learn`: a small model for one clause, from what this community's people decided.

    gather    the texts that people decided about, as long as they are kept
    caps      one text of an author and answer, one of many that are nearly alike
    run       trained, measured, written into the folder; or "not enough"
    shown     the models of a folder with their cards

Reads beside whoever writes, a little at a time, and holds no lock; what it makes is two files and a
picture in `models/CLAUSE`, which count once the configuration is activated anew. `training` fits
and measures, `signals.learned` is what rules ask. Nothing in here may ever act on anybody.
"""
