"""How do many write to one SQLite file, in several threads and processes, without standing in each other's way?"""
