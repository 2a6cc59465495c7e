"""What we notice in one event: declared, typed observations. Their values for one event are facts.

    declare       what a signal and a counter are, and the list of all of them observation   one
    event as signals see it: text views, links, people, tokens; computed once, when asked resolve
    from the words of a rule to the fact they mean views, links, lookalike, lists   pure parts: text
    in three views, URLs, look-alike names, term lists text, account, history           the
    declarations themselves, each with its meaning in two languages

A signal is pure: same event, same tables, same value, on any machine. It must never read a clock, a
file or a socket, and there is none for opinion, ideology or religion, nor will there be one.
"""
