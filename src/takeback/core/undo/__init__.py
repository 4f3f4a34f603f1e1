"""Stage 5 of 7. What is taken back, what stays, what cannot be undone?"""
