"""How long may hashing a password take? A third of a second for a person; hardly anything for tests."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickHasher(ScryptPasswordHasher):
    """For tests only (SHOP_QUICK_PASSWORDS=1): far too little work to guard a real password."""

    algorithm = "quick_scrypt"
    work_factor = 2**4
    parallelism = 1
