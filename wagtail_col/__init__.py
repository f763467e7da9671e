"""wagtail_col: a Wagtail site becomes a node of Cities of Learning."""

__version__ = "0.1.0.dev0"
