"""What the shop's people do: fill the shelves, register a customer at the counter, send a parcel."""
