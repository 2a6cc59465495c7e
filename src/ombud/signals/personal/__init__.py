"""Private data in one text: what could be used to find, reach or rob a person.

    reading   the text with its numbers made plain: spelled out, in other digits
    checked   numbers that check themselves: cards, IBANs, identity numbers
    phones    how phone numbers are written, in Vietnam and elsewhere
    numbers   which digits of a text belong together, and what they are
    places    street addresses, English and Vietnamese
    details   all of it: every detail of a text, with its kind and place
    whose     whether the words around a detail say that it is somebody else's
    facts     the declarations: counts, and yes or no

Everything here is a pure function of the text, in time linear in its length. It must never hand a
detail on: facts are counts, so that no statement of reasons repeats what should not be public.
"""
