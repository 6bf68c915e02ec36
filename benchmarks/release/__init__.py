"""One column more in every tenant, as a new release would have it; `benchmarks.fleet` deploys it."""
