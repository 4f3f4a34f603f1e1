"""Which passwords are known to have leaked? One module for each source: a built-in list, files, folders, a service."""
