"""The picture of a badge, drawn by us from values: no Django, no database."""
