"""A badge on paper: an accessible PDF with the learner's name and a code that leads to it."""
