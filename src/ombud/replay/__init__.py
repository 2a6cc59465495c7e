"""The past as a test bench: the same pipeline over the journal, on memory of its own.

    records    the journal in order, in short reads; what was erased and when
    reopened   records as signals see them, for runs that judge anew
    check      replay --check: every verdict follows from the journal
    gaps       what it cannot put back: erased entries, clusters whose text is lost
    others     replay --rules: what other rules would have said of the same past
    watching   rules watch: what watching rules have hit, read from the rows
    tally      what a run found, counted
    sample     a few differences to look at, from which nobody can be listed
    labels     what people have said about the past
    interval   how far a share of labelled cases can be trusted
    expect     replay --expect: what an operator's check demands of a run

Replay runs beside the process that writes and opens the store to read only. Nothing in here may
ever write.
"""
