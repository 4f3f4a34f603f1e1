"""Stage 4 of 7. Who did what?"""
