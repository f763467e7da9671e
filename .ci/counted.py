"""Fail unless a JUnit report holds tests that ran: a part that tested nothing must not look green.

python3 .ci/counted.py REPORT.xml "name of the part" [--no-skips]
"""

import sys
from xml.etree import ElementTree

report, part, *options = sys.argv[1:]
suites = ElementTree.parse(report).getroot().iter("testsuite")
counts = [(int(suite.get("tests")), int(suite.get("skipped"))) for suite in suites]
found = sum(tests for tests, _ in counts)
skipped = sum(skipped for _, skipped in counts)
print(f"{part}: {found - skipped} ran, {skipped} skipped")
if found == skipped:
    sys.exit(f"FAILED: {part} executed no test.")
if skipped and "--no-skips" in options:
    sys.exit(f"FAILED: {part} skipped {skipped} tests.")
