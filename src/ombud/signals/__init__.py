"""What we notice in one event: declared, typed observations. Their values for one event are facts.

    declare       what a signal and a counter are, and the registers of all of them
    observation   one event as signals see it: views, links, people, tokens; each computed once
    resolve       from the words of a rule to the fact they mean
    views, links, lookalike, lists   pure parts: text in three views, addresses, names, terms
    hosts, domains                   what an address tells by its shape, which site it resembles
    personal      private data in a text, and the words around it
    text, account, flags, history    the declarations, each with its meaning in two languages

A signal is pure: same event, same tables, same value, on any machine. It must never read a clock, a
file or a socket, and there is none for opinion, ideology or religion, nor will there be one.
"""
