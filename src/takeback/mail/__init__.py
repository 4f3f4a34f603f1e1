"""Mail to customers: written here, handed to the mail server here."""
