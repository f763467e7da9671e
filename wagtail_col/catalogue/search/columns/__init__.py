"""The catalogue in memory: a column of numbers for each thing that is filtered by.

A database reads rows to answer "how many, of which kind, where on the map"; at a hundred thousand
opportunities that takes it a tenth of a second, over arrays it takes a millisecond. Each process
keeps the arrays, brings them up to date by the rows that changed, and asks the database what state
it is in before every answer. ``database.py`` gives the same answers without them, and does so
whenever the arrays could not be true.
"""
