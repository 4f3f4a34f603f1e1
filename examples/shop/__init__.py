"""The example shop as a package, so that `examples.shop.customer` can be imported from the root of the repository."""
