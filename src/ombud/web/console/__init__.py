"""The pages of the people who run the community.

    coming_in  logging in, the first account, one-time links, showing again who one is
    own        one's own page: sessions, passkeys, password, language, theme
    orders     duty, emergency, standing orders
    members    the staff page of admins
    demands    the register of demands from outside, and one with what was done about it
    lookup     a member, post, room or server is looked up, with a reason
    records    what the staff did, for auditors
    desk       what all of them have: who asks, what a form sent, cookies, refusals
    places     where somebody can go, as the top of every page shows it
    pages      their addresses

Every page is a plain form that works without script; passkeys are the one thing that needs some. A
GET changes nothing. A form is taken only from a page of ours, and where somebody is in only with
the token of their session. Nothing here may tell a stranger who runs the community.
"""
