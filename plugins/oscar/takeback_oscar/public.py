"""What do strangers see of a customer? Reviews and wish lists, in a shop that has these parts of Oscar installed."""

from typing import Any

from django.apps import apps

MODELS = {"reviews": ("reviews", "ProductReview"), "wish_lists": ("wishlists", "WishList")}


def model_of(collection: str) -> Any | None:
    """The collection's model; None where the shop does without, or the collection is none of these."""
    if collection not in MODELS:
        return None
    try:
        return apps.get_model(*MODELS[collection])
    except LookupError:
        return None


def offered() -> list[str]:
    """Those of the collections that this shop has."""
    return [collection for collection in MODELS if model_of(collection) is not None]


def owner_of(item: Any) -> int | None:
    """Whose it is; None for a review by nobody in particular."""
    found: int | None = item.owner_id if hasattr(item, "owner_id") else item.user_id
    return found


def items_of(collection: str, user: Any) -> list[Any]:
    """The customer's items."""
    model = model_of(collection)
    if model is None:
        return []
    owner = "owner_id" if hasattr(model, "owner_id") else "user_id"
    return list(model._default_manager.filter(**{owner: user.pk}).order_by("pk"))


def value_of(item: Any) -> dict[str, Any]:
    """The item as events and read-back carry it. The key in a wish list's address is nobody's business."""
    if hasattr(item, "owner_id"):
        return {"name": item.name, "visibility": item.visibility}
    product = item.product
    return {"product": product.upc if product else None, "score": item.score, "title": item.title, "body": item.body}
