"""Django's SQLite, whose writers take turns. Named in `takeback.databases`; Django wants a package with a `base`."""
