"""The people who run the community: who they are, what each may do, and how they come in.

    people       names and their tokens: who somebody is stands in the key file alone
    roles        what each role may do, as one table; the people there are, from the journal
    credentials  passwords, passkeys, sessions and one-time links, as the key file keeps them
    passwords    hashing and checking, a few at a time
    passkeys     WebAuthn: challenges, new keys, proofs
    tries        how long to wait after wrong passwords

The public knows them by their role and never by name. Nothing in here may write a name, a password
or a token into a log, an error of another person's, the journal or the public log.
"""
