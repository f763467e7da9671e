"""Open Badges 3.0 as a pure library: documents and bytes in, documents and bytes out.

Nothing here knows HTTP, a database or Django. Whoever calls brings the keys, the clock and, to
verify, two functions that find a key and a status list.
"""
