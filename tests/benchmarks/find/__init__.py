"""Finding among a hundred thousand opportunities and a million, beside floors and peers."""

#: How many opportunities there are, one database each. ``BENCH_SIZES`` names others.
SIZES = (100_000, 1_000_000)
JOBS = ("map-trace", "search", "search-answer", "list-page", "import", "reimport")
