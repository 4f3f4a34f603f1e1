"""Connects a django-oscar shop to Takeback: records what happens to an account, and carries out what takes it back."""
