"""What can templates say that Django's own tags cannot?"""
