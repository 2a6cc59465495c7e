"""Where everything is kept: one SQLite file for the record, one for the keys.

    schema.sql, keys.sql   the tables, each with its meaning
    staff.sql              every statement about how the staff comes in, all of the key file
    queries.sql            every statement, named, with its purpose; stages never write SQL
    sqlite                 connections, transactions, checkpoints off the writer's thread
    keyfile                keys, tokens and sealed bodies: what is never in a backup

The store keeps and finds. It must never decide anything.
"""
