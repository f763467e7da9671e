"""Open Badges 2.0: reading and verifying what other organisations gave."""
