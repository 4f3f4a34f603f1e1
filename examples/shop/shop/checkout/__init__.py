"""Oscar's checkout with the one part that every shop writes itself: how to pay."""
