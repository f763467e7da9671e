"""The LTI 1.3 platform's protocol: values in, values out, every refusal an exception with a reason.

Nothing here knows HTTP or the database.
"""
