"""How does a template say a key that it was given? `words|of:key` is the words of `site.KEY`."""

from django import template

from takeback.web.words import Words
from takeback.words import say

register = template.Library()


@register.filter
def of(words: Words, key: str) -> str:
    """The words of `site.KEY`."""
    return say(words.language, f"site.{key}")
