"""What would people write instead? Services that take the same events, measured beside Takeback in the same run."""
