"""The past as a test bench: the same pipeline over the journal, on memory of its own.

    records   the journal in order, in short reads; what was erased and when
    check     replay --check: every verdict follows from the journal

Replay runs beside the process that writes and opens the store to read only. Nothing in here may
ever write.
"""
