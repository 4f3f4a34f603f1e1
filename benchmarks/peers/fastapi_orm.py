"""What do people usually write? FastAPI, pydantic models and the ORM of SQLAlchemy, on SQLite with a sync a commit.

As a good engineer would plainly write it: typed models, a session for each request, a unique key and ON CONFLICT for
repeats, WAL and `synchronous=FULL`. It checks neither keys nor secrets, which Takeback does. Served by uvicorn with
uvloop and httptools: `python -m benchmarks.peers.fastapi_orm FILE PORT`.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import JSON, String, UniqueConstraint, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

Text = Annotated[str, Field(min_length=1, max_length=512)]


class Base(DeclarativeBase):
    pass


class EventRow(Base):
    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("source", "event_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(512))
    event_id: Mapped[str] = mapped_column(String(512))
    account: Mapped[str] = mapped_column(String(512), index=True)
    type: Mapped[str] = mapped_column(String(64))
    time: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Event(BaseModel):
    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    subject: Text
    time: AwareDatetime
    data: dict[str, Any]


class Stored(BaseModel):
    stored: int
    repeated: int


engine = create_engine(f"sqlite:///{sys.argv[1]}", connect_args={"timeout": 30})
sessions = sessionmaker(engine)
app = FastAPI()


@event.listens_for(engine, "connect")
def durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def session() -> Iterator[Session]:
    with sessions() as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/v1/events")
def take_event(event: Event, session: Opened) -> Stored:
    return _store([event], session)


@app.post("/v1/batch")
def take_batch(events: list[Event], session: Opened) -> Stored:
    return _store(events, session)


def _store(events: list[Event], session: Session) -> Stored:
    rows = [
        {
            "source": event.source,
            "event_id": event.id,
            "account": event.subject,
            "type": event.type,
            "time": event.time,
            "data": event.data,
        }
        for event in events
    ]
    added = session.scalars(insert(EventRow).on_conflict_do_nothing().returning(EventRow.id), rows).all()
    session.commit()
    return Stored(stored=len(added), repeated=len(rows) - len(added))


if __name__ == "__main__":
    Base.metadata.create_all(engine)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False, loop="uvloop")
