"""A small course provider (an LTI 1.3 tool) on PyLTI1p3 and Flask: for the tests, for trying out.

``python -m tests.lti.provider --port 9001`` starts it; its first page says how to connect it.
It keeps what it knows in memory, or in a file (``--keep FILE``), and asks nobody for a password:
run it on your own machine only.
"""
