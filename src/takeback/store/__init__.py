"""What must not be forgotten? The event log and the cases; the only place that knows tables."""
