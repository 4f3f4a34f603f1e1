"""Stage 1 of 7, as events arrive. May this account be in other hands? Plain counters, in one pass over the events."""
