"""Reading framework files of others, in the formats in which they are published. Nothing here knows a database.

`read.read(content, name)` takes any file and answers with a `Library`: what it holds, notes on what was passed over,
and faults, each with its place. A library with a fault is never loaded, not even in part.
"""
