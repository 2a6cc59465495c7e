"""The public log: what was decided, in an order that nobody can change afterwards unnoticed.

`leaf` says what one line of the log may hold. `tree` hashes the lines into one root (RFC 9162)
and proves that a line is in, and that a longer log extends a shorter one. `note` signs,
`checkpoint` is the signed head, `tiles` are the public files, `receipt` is the proof a person
keeps, and `verify` checks a whole log from its public files alone. The formats are those of C2SP
(c2sp.org): other people's tools read them.

Nothing here does I/O, reads a clock or draws randomness: bytes come in, bytes go out. Nothing
here may ever hold an account, a text or a name.
"""
