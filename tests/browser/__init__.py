"""What does the customer see in a real browser? Her night on a real shop, from the report to the new password."""
