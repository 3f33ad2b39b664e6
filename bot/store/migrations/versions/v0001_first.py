"""The first tables, as they were then: a copy, because `tables.py` moves on."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

revision = "0001"
down_revision = None

Id = BigInteger().with_variant(Integer, "sqlite")
Moment = DateTime(timezone=True)
Exact = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _community() -> Column[int]:
    return Column("community_id", Id, ForeignKey("communities.id"), nullable=False)


def _persons_community() -> Column[int]:
    return Column("community_id", Id, nullable=False)


Table(
    "communities",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="en"),
    Column("scoring", Text, nullable=False, server_default="fair"),
    Column("team_mode", Text, nullable=False, server_default="open"),
    Column("team_most", Integer),
    Column("streaks", Boolean, nullable=False, server_default=true()),
    Column("boards", Boolean, nullable=False, server_default=true()),
    Column("hosts", Text, nullable=False, server_default="everyone"),
    Column("seasons", Text, nullable=False, server_default=text("''")),
    Column("created_at", Moment, nullable=False),
)

Table(
    "workspaces",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    _community(),
    Column("home_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_realm", Text),
    Column("owner_id", Text),
    Column("admin_group", Text),
    Column("admin_group_name", Text),
    Column("left_at", Moment),
    Column("created_at", Moment, nullable=False),
)

Table(
    "people",
    metadata,
    _id(),
    _community(),
    Column("name", Text, nullable=False),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("shares", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
)

Table(
    "accounts",
    metadata,
    Column("community_id", Id, ForeignKey("communities.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("id", Id, Sequence("accounts_id_seq", metadata=metadata), nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "teams",
    metadata,
    _id(),
    _community(),
    Column("season", Exact, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", Exact, nullable=False),
    Column("own_name", Text),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("origin", Id),
    Column("members", Integer, nullable=False),
    Column("lasting", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Index(
        "uq_teams_standing",
        "community_id",
        "season",
        "sort_name",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

Table(
    "memberships",
    metadata,
    _id(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("season", Exact, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    _persons_community(),
    Column("team_id", Id, ForeignKey("teams.id"), nullable=False),
    Column("account_id", Id, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("apart", Boolean, nullable=False, server_default=false()),
    Index("ix_memberships_person_id", "person_id", "season", "since"),
    Index(
        "uq_memberships_standing",
        "person_id",
        "season",
        unique=True,
        sqlite_where=text("until IS NULL AND NOT apart"),
        postgresql_where=text("until IS NULL AND NOT apart"),
    ),
    Index(
        "ix_memberships_team_id",
        "team_id",
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)

Table(
    "bindings",
    metadata,
    _id(),
    _community(),
    Column("team_id", Id, ForeignKey("teams.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("group_id", Text, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("gone_at", Moment),
    UniqueConstraint("team_id", "platform", "workspace"),
    Index("ix_bindings_platform_workspace", "platform", "workspace"),
)

Table(
    "cards",
    metadata,
    _id(),
    _community(),
    Column("deck", Text, nullable=False),
    Column("deck_title", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("set_aside", Text),
    Column("corrected", Text),
    Column("correction", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("community_id", "deck", "card", "version"),
)

Table(
    "schedules",
    metadata,
    _id(),
    _community(),
    Column("question_id", Id, ForeignKey("schedules.id")),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("days", Text, nullable=False),
    Column("decks", JSON, nullable=False),
    Column("levels", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("mode", Text, nullable=False),
    Column("feedback", Text, nullable=False),
    Column("open_minutes", Integer),
    Column("due_at", Moment, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("recap_at", Moment),
    Column("paused", Text),
    Column("trouble", Text),
    Column("told_at", Moment),
    Column("tell_realm", Text),
    Column("tell_id", Text),
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Index(
        "uq_schedules_standing",
        "platform",
        "workspace",
        "channel",
        "time",
        "zone",
        "days",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
    Index(
        "ix_schedules_due",
        "platform",
        "due_at",
        sqlite_where=text("paused IS NULL AND removed_at IS NULL"),
        postgresql_where=text("paused IS NULL AND removed_at IS NULL"),
    ),
    Index(
        "ix_schedules_recap",
        "platform",
        "recap_at",
        sqlite_where=text("recap_at IS NOT NULL AND paused IS NULL AND removed_at IS NULL"),
        postgresql_where=text("recap_at IS NOT NULL AND paused IS NULL AND removed_at IS NULL"),
    ),
    Index(
        "ix_schedules_untold",
        "id",
        sqlite_where=text("trouble IS NOT NULL AND told_at IS NULL"),
        postgresql_where=text("trouble IS NOT NULL AND told_at IS NULL"),
    ),
    Index("ix_schedules_community_id", "community_id"),
    Index(
        "ix_schedules_question_id",
        "question_id",
        sqlite_where=text("question_id IS NOT NULL"),
        postgresql_where=text("question_id IS NOT NULL"),
    ),
)

Table(
    "question_days",
    metadata,
    Column("community_id", Id, ForeignKey("communities.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False),
    UniqueConstraint("community_id", "number"),
    sqlite_with_rowid=False,
)

Table(
    "posts",
    metadata,
    _id(),
    _persons_community(),
    Column("schedule_id", Id, ForeignKey("schedules.id")),
    Column("local_date", Date),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("card_id", Id, ForeignKey("cards.id"), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("mode", Text, nullable=False),
    Column("feedback", Text, nullable=False),
    Column("seeded", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("day", Date, nullable=False),
    Column("day_number", Integer, nullable=False),
    Column("numbered", Boolean, nullable=False, server_default=true()),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("look_at", Moment),
    Column("correction", Integer, nullable=False, server_default=text("0")),
    Column("corrected", Boolean, nullable=False, server_default=false()),
    Column("shown", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("schedule_id", "local_date"),
    Index("ix_posts_state_closes_at", "state", "closes_at"),
    Index("ix_posts_channel", "platform", "workspace", "channel", "opens_at"),
    Index("ix_posts_message", "platform", "channel", "message_id"),
    Index("ix_posts_card_id", "card_id"),
    Index("ix_posts_unseeded", "opens_at", sqlite_where=text("seeded = 0"), postgresql_where=text("NOT seeded")),
    Index(
        "ix_posts_look_at",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
)

Table(
    "post_events",
    metadata,
    _id(),
    _persons_community(),
    Column("post_id", Id, ForeignKey("posts.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text),
)

Table(
    "recaps",
    metadata,
    _id(),
    _persons_community(),
    Column("schedule_id", Id, ForeignKey("schedules.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("due_at", Moment, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("look_at", Moment),
    Index("ix_recaps_state_claimed_at", "state", "claimed_at"),
    Index(
        "ix_recaps_look_at",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
)


def _answer() -> list[Column[Any]]:
    return [
        _persons_community(),
        Column("post_id", Id, ForeignKey("posts.id"), nullable=False),
        Column("person_id", Id, ForeignKey("people.id"), nullable=False),
        Column("card_id", Id, ForeignKey("cards.id"), nullable=False),
        Column("team_id", Id, ForeignKey("teams.id")),
        Column("day", Date, nullable=False),
        Column("given", Text, nullable=False),
        Column("fraction", Float, nullable=False),
        Column("correct", Boolean, nullable=False),
        Column("points", SmallInteger, nullable=False),
        Column("on_offer", SmallInteger, nullable=False),
        Column("hinted", Boolean, nullable=False, server_default=false()),
        Column("guessed", Boolean, nullable=False, server_default=false()),
        Column("answered_at", Moment, nullable=False),
        Column("account_id", Id, nullable=False),
        Column("correction", Integer, nullable=False, server_default=text("0")),
    ]


Table(
    "recap_events",
    metadata,
    _id(),
    _persons_community(),
    Column("recap_id", Id, ForeignKey("recaps.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text),
)

Table(
    "answers",
    metadata,
    _id(),
    *_answer(),
    UniqueConstraint("person_id", "card_id", "day"),
    Index("ix_answers_post_id", "post_id"),
)

Table(
    "later_answers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    *_answer(),
    Index("ix_later_answers_person_id", "person_id"),
    Index("ix_later_answers_post_id", "post_id"),
)

Table(
    "reactions",
    metadata,
    Column("post_id", Id, ForeignKey("posts.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("given", Text, primary_key=True),
    _persons_community(),
    Column("name", Text, nullable=False),
    Column("reacted_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "pending_answers",
    metadata,
    Column("post_id", Id, ForeignKey("posts.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    _persons_community(),
    Column("name", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("hinted", Boolean, nullable=False),
    Column("answered_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

scores = Table(
    "scores",
    metadata,
    Column("community_id", Id, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("sort_name", Exact, nullable=False),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
Index(
    "ix_scores_board",
    scores.c.community_id,
    scores.c.period,
    scores.c.points.desc(),
    scores.c.sort_name,
    scores.c.person_id,
    sqlite_where=text("NOT hidden"),
    postgresql_where=text("NOT hidden"),
)

Table(
    "score_counts",
    metadata,
    Column("community_id", Id, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("points", Integer, primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

team_scores = Table(
    "team_scores",
    metadata,
    Column("community_id", Id, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "ix_team_scores_best",
    team_scores.c.community_id,
    team_scores.c.period,
    team_scores.c.team_id,
    team_scores.c.points.desc(),
)

Table(
    "team_totals",
    metadata,
    Column("community_id", Id, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", Id, primary_key=True, autoincrement=False),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "streaks",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    _persons_community(),
    Column("current", Integer, nullable=False),
    Column("best", Integer, nullable=False),
    Column("freezes", SmallInteger, nullable=False),
    Column("last_number", Integer, nullable=False),
)

Table(
    "days",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    _community(),
    Column("number", Integer),
    Column("questions", Integer, nullable=False),
    Column("practised", Integer, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "sessions",
    metadata,
    _id(),
    _community(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("account_id", Id, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("cards", JSON, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
)

Table(
    "practice_answers",
    metadata,
    Column("session_id", Id, ForeignKey("sessions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _community(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("card_id", Id, ForeignKey("cards.id"), nullable=False),
    Column("given", Text, nullable=False),
    Column("fraction", Float, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("hinted", Boolean, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("correction", Integer, nullable=False, server_default=text("0")),
    Column("day", Date, nullable=False),
    Index("ix_practice_answers_card_id", "card_id"),
    sqlite_with_rowid=False,
)

Table(
    "live_rounds",
    metadata,
    _id(),
    _community(),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("account_id", Id),
    Column("deck", Text, nullable=False),
    Column("cards", JSON, nullable=False),
    Column("seconds", SmallInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("state", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("ending", Text),
    Column("asked_for_at", Moment, nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("step", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("due_at", Moment),
    Column("held_until", Moment),
    Index(
        "uq_live_rounds_going_on",
        "platform",
        "workspace",
        "channel",
        "thread",
        unique=True,
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_live_rounds_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index("ix_live_rounds_workspace", "platform", "workspace"),
)

Table(
    "live_players",
    metadata,
    Column("round_id", Id, ForeignKey("live_rounds.id"), primary_key=True, autoincrement=False),
    Column("account_id", Id, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("joined_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "live_answers",
    metadata,
    Column("round_id", Id, ForeignKey("live_rounds.id"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("account_id", Id, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("given", Text, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("correct", Boolean),
    Column("points", SmallInteger),
    sqlite_with_rowid=False,
)

Table(
    "corrections",
    metadata,
    _id(),
    _persons_community(),
    Column("deck", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("card_id", Id, ForeignKey("cards.id"), nullable=False),
    Column("base", Integer, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("extent", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("bodies", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False, server_default=text("0")),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("changed", Integer, nullable=False, server_default=text("0")),
    Column("at", Moment, nullable=False),
    Index("ix_corrections_card", "community_id", "deck", "card"),
    Index("ix_corrections_state", "state"),
)

Table(
    "regraded",
    metadata,
    Column("correction_id", Id, ForeignKey("corrections.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("points", Integer, nullable=False),
    Column("fraction", Float, nullable=False),
    Column("told_at", Moment),
    sqlite_with_rowid=False,
)

Table(
    "reports",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("deck", Text, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("account_id", Id, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("card_id", Id, ForeignKey("cards.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("reported_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_reports_card", "community_id", "deck", "card"),
    sqlite_with_rowid=False,
)

Table(
    "retired_cards",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("deck", Text, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("community_id", Id, nullable=False, index=True),
    Column("retired_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "link_codes",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _community(),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    sqlite_with_rowid=False,
)

Table(
    "code_guesses",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("guessed_at", Moment, nullable=False),
    Index("ix_code_guesses_account", "platform", "workspace", "user_id", "guessed_at"),
)

Table(
    "vault",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("key", Exact, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "forgotten_answers",
    metadata,
    Column("post_id", Id, ForeignKey("posts.id"), primary_key=True),
    Column("given", Text, primary_key=True),
    Column("correct", Boolean, primary_key=True),
    _persons_community(),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "forgotten_shares",
    metadata,
    Column("community_id", Id, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "tombstones",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("forgotten_at", Moment, nullable=False),
    Column("noted", Boolean, nullable=False, server_default=false()),
    Column("cleared", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)
