"""How does a template of the desk say a key that it was given whole? `words|said:key`."""

from django import template

from takeback.web.words import Words
from takeback.words import say

register = template.Library()


@register.filter
def said(words: Words, key: str) -> str:
    """The words of `key`, such as `desk_door.refused`."""
    return say(words.language, key)
