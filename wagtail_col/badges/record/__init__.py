"""A learner’s badges on paper, all of them: an accessible PDF to take along."""
