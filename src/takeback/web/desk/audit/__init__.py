"""Who did what? The auditor's pages on the book of the installation."""
