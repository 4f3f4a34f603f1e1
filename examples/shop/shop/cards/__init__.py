"""The customer's saved cards: pages of the shop's own, because Oscar has the table and no pages for it."""
