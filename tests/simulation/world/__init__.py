"""What there is in a schedule: processes, clocks, Earth Engine, buckets, stores, people."""
