"""What does the DNS say? One port, with a live resolver, a written-down zone, and a deadline round either."""
