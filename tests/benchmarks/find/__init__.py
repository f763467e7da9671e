"""Finding among a hundred thousand opportunities and a million, beside floors and peers."""

#: How many opportunities there are, one database each. ``BENCH_SIZES`` names others.
SIZES = (100_000, 1_000_000)
JOBS = (
    "map-trace",
    "search",
    "search-again",
    "search-answer",
    "search-json",
    "list-page",
    "first-clusters",
    "peer-wagtail-search",
    "peer-wagtail-api",
    "peer-all-points",
    "import",
    "reimport",
)
