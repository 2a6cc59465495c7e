"""The files of the EU's Digital Services Act: statements of reasons and the yearly report.

    codes        the closed lists of the database
    norms        what a clause and a rule are there, in the words that were in force
    statement    one decision's statement of reasons
    statements   all of them, in files of batches
    submission   how they reach the database: nothing twice, nothing lost
    sheets       the eleven sheets of the report: their heads and rows
    tallies      what is counted, by category
    texts        the words of its last sheet
    report       the sheets filled
    filed        what `ombud transparency dsa` does

Everything here is built from published clauses, closed lists and numbers that stand unsealed in the
store. Nothing here may ever open a seal: no text, name or account can come into these files.
"""
