"""Published fact-checks: claims that others have checked, and whether a post repeats one of them.

    words      the words by which claims and posts are held against each other
    claim      one checked claim, and the lines in which they are kept
    reading    ClaimReview as publishers write it, item by item
    index      an inverted index with BM25 in whole numbers
    matching   which claim a text repeats, if any, and whether it says that it is false
    facts      the two facts that rules may ask

A match says that two texts share rare words. It says nothing about who is right, and a rule may do
nothing with it but ask a person (`rules.refuse`). Nothing here may ever keep who made a claim.
"""
