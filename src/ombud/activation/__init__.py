"""The configuration in force, and how it comes to be.

    active      one frozen value that judgement, replay and statements go by
    compiling   from the operator's texts, or from a recorded activation, to such a value
    program     what of this program can change a verdict, as far as a configuration uses it
    standing    how each rule stands: until when it watches, who wrote it, who approved it

Nothing in here may ever read a file: `config` does, and the journal does.
"""
