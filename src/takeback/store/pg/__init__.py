"""How is everything remembered on PostgreSQL?"""
