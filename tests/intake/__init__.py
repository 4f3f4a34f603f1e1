"""Do we hear what the customer says?"""
