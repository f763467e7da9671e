"""Interest alerts: a learner saves a search and is told of what is new in it, weekly at most."""
