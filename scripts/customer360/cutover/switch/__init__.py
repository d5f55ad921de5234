"""Phase switch: sync both ways, row-level policies by the new identity, counters, views, deprecation."""
