"""How a mail is read, before anybody judges it."""
