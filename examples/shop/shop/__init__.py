"""A real django-oscar shop, small enough to read, on which Takeback is shown and tested."""
