#!/usr/bin/env python
"""Administrative commands of the example site: python example_site/manage.py <command>"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # Python puts this file's folder on the path; the site is the package `example_site` above it.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.config.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
