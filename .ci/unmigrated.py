"""Fail when a model of this repository differs from its migrations.

python .ci/unmigrated.py SETTINGS_MODULE
"""

import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1]

import django  # noqa: E402
from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402

django.setup()
OURS = ("wagtail_col", "example_site", "tests")
labels = [config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS]
call_command("makemigrations", *labels, check_changes=True, dry_run=True)
