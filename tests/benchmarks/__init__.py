"""``make bench``: how long the pages take, beside a floor measured in the same run."""
