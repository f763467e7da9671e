"""Join the style sheets into css/col.css, so that a page needs one request.

Run after changing any part: ``python tools/bundle_css.py``.
"""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "wagtail_col/static/wagtail_col/css"
# The order is the cascade: later parts may refine earlier ones.
PARTS = (
    "tokens",
    "base",
    "line",
    "cards",
    "map",
    "forms",
    "badge",
    "endorsement",
    "passport",
    "evidence",
    "course",
    "connect",
    "embed",
    "way",
    "print",
)


def bundle():
    """The joined sheet as text: every part in order, comments and blank lines removed."""
    head = "/* Made by tools/bundle_css.py from: " + ", ".join(PARTS) + ". */\n"
    text = "\n".join((CSS / f"{part}.css").read_text() for part in PARTS)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return head + re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


if __name__ == "__main__":
    (CSS / "col.css").write_text(bundle())
