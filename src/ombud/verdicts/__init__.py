"""What the rules say about one event: windows -> facts -> plan -> licence -> verdict.

    past        what one event sees of what came before it
    community   everything a verdict rests on; `judge` moves it on by one event
    choices     of all that the fired rules propose: what is done, and what a person is asked
    rooms       what rules have asked of rooms, as long as it lasts
    campaigns   which earlier posts belong to the campaign an event completes

Live, recovery and replay run this same code over the same records. Nothing in here may ever read a
clock, draw a random number or touch the store.
"""
