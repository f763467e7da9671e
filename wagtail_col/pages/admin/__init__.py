"""What editors see beside the pages themselves: choosers, lists, badges, codes, teams."""
