"""What does the customer see? The door, the conversation, her case, her messages: pages that need no script."""
