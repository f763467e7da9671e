"""A line on paper: a poster or a folded card, with a code and a box for a stamp at each station."""
