"""The ways to platforms: each carries actions and notices to one, and says what it can do there.

A connector implements `model.Connector`; `app` chooses it and hands it to the sender. Connectors
must never decide anything, nor open a socket except through `egress`.
"""
