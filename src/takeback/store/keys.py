"""Which keys were given to services? `casework.keys.Keys` on Django's tables."""

from datetime import datetime

from django.db import transaction

from takeback.casework.keys import Key, Scope
from takeback.store.keyrow import KeyRow


class DjangoKeys:
    """Meets `casework.keys.Keys` on Django's default database."""

    def add(self, key: Key) -> None:
        """A new one."""
        with transaction.atomic():
            KeyRow.objects.create(
                id=key.id,
                source=key.source,
                scopes=" ".join(sorted(key.scopes)),
                name=key.name,
                digest=key.digest,
                created_at=key.created_at,
                expires_at=key.expires_at,
                revoked_at=key.revoked_at,
                used_at=key.used_at,
            )

    def every(self) -> list[Key]:
        """All that ever were, the oldest first."""
        return [_key_of(row) for row in KeyRow.objects.order_by("created_at", "id")]

    def expire(self, key: str, at: datetime) -> None:
        """Let it end then."""
        with transaction.atomic():
            KeyRow.objects.filter(id=key).update(expires_at=at)

    def revoke(self, key: str, at: datetime) -> None:
        """End it."""
        with transaction.atomic():
            KeyRow.objects.filter(id=key, revoked_at=None).update(revoked_at=at)

    def used(self, key: str, at: datetime) -> None:
        """Somebody came in with it."""
        with transaction.atomic():
            KeyRow.objects.filter(id=key).update(used_at=at)


def _key_of(row: KeyRow) -> Key:
    scopes = frozenset(Scope(scope) for scope in row.scopes.split())
    return Key(
        *(row.id, row.source, scopes, row.name, row.digest),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
