"""How are the rules of the house seen, tried and changed at the desk?"""
