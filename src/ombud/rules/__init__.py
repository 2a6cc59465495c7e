"""What the community says: rules as plain text, under clauses it published.

    vocabulary      the closed words: parts, actions, units
    lex, conditions, then, parse   a rule file to its tree; every problem with its place
    tree            the tree: what was written, and where
    policy          Markdown policies to clauses
    compare         one condition to its meaning: facts, types, units, lists
    refuse          what no rule may do
    check, checked  a rule with its meaning, and its version
    phrases         what `in list`, `contains`, `resembles`, ... mean
    interpret       the reference interpreter, naive; and the trace of a rule that fired
    plan            all rules as one function
    trial           the examples beside a rule, tried
    format          the one layout, and the canonical words
    messages, diagnostic   what can be wrong, and how it is shown
    load            all of it, from the files of a community

    load -> check -> trial -> plan -> judge;  parse -> format

Pure: bytes and events in, values out. Nothing in here must ever read a file, a clock or a socket,
run an operator's text as code, or let a pattern run outside RE2.
"""
