"""Listings from files and addresses of others: read, mapped, checked, matched, then written.

``opening`` tells what a file is and reads it as a table, whatever it was (``tables``: CSV).
``mapping`` says which column is which fact, ``checking`` makes facts of a row or says by row and
column what is wrong. ``matching`` tells rows apart that are new, changed or as before, and
``twins`` those that are there already from elsewhere. ``planning`` counts all that and writes
nothing; ``running`` writes, in steps that can be taken up again.
"""
