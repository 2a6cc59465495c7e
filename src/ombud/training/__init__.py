"""From labelled texts to a model of whole numbers, with a card that says how good it is.

    groups     near-duplicates belong together, or the test would have been seen in training
    fit        a linear model by scikit-learn, made whole numbers, calibrated on what it did not see
    figures    how good scores are: AUROC, F1, precision at recall, calibration
    card       all of that in one record, as Markdown, and as a picture

Runs in a process of its own: never in the server. scikit-learn and numpy (extra `ml`) are imported
inside functions. The same rows give the same model. It must never make a model of too few labels.
"""
