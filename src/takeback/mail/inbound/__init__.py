"""What does a customer do with a doubtful mail? She forwards it here, and the answer comes back to her."""
