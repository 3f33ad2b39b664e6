"""Every table. Each but `vault`, `code_guesses` and `tombstones` carries `community_id`, so that PostgreSQL can be distributed by it.

Times are UTC (`Moment`); a `day` is the community's calendar date on which a question opened.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
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
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.quiz.seasons import Seasons, read

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite gives rowids to INTEGER alone

Exact = Text().with_variant(Text(collation="C"), "postgresql")  # in code point order, as SQLite compares


class Moment(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite drops zones, so a naive one is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Beginnings(TypeDecorator[Seasons]):
    """Seasons, kept as the days on which one began because an admin had closed the one before."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Seasons | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Seasons | None:
        return None if value is None else read(value)


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _community() -> Column[int]:
    return Column("community_id", BigId, ForeignKey("communities.id"), nullable=False)


def _persons_community() -> Column[int]:
    """The person's: already checked there, and an answer writes eight such rows."""
    return Column("community_id", BigId, nullable=False)


communities = Table(
    "communities",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),  # IANA
    Column("language", Text, nullable=False, server_default="en"),  # of what is posted: a language of bot.words
    Column("scoring", Text, nullable=False, server_default="fair"),  # of teams: quiz.standings.Scoring
    Column("team_mode", Text, nullable=False, server_default="open"),  # who makes teams: store.settings.TeamMode
    Column("team_most", Integer),  # how many may be in a team; none: any number
    Column("streaks", Boolean, nullable=False, server_default=true()),  # shown, and days numbered on
    Column("boards", Boolean, nullable=False, server_default=true()),
    Column("hosts", Text, nullable=False, server_default="everyone"),  # of live rounds: store.settings.Hosts
    Column("seasons", Beginnings, nullable=False, server_default=text("''")),
    Column("created_at", Moment, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    _community(),
    Column("home_id", BigId, nullable=False),  # the community of its own, to which it returns from a joint one
    Column("name", Text, nullable=False),  # the platform's; the id until it has told
    Column("owner_realm", Text),  # who is told when an admin's hand is needed: an account, see events.Actor
    Column("owner_id", Text),
    Column("admin_group", Text),  # a role or user group whose members are admins too: its id, and its name then
    Column("admin_group_name", Text),
    Column("left_at", Moment),  # when the bot was removed, if it was
    Column("created_at", Moment, nullable=False),
)

people = Table(
    "people",
    metadata,
    _id(),
    _community(),
    Column("name", Text, nullable=False),  # as events.display_name leaves it
    Column("hidden", Boolean, nullable=False, server_default=false()),  # on no board that names people
    Column("shares", Boolean, nullable=False, server_default=false()),  # their stats, with the community
    Column("created_at", Moment, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("community_id", BigId, ForeignKey("communities.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),  # the realm of the id, see events.Actor
    Column("user_id", Text, primary_key=True),
    Column(
        "id", BigId, Sequence("accounts_id_seq", metadata=metadata), nullable=False, unique=True
    ),  # by which answers name it
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column(
        "name", Text, nullable=False
    ),  # as this platform spelt it last: a person's name follows a change, not a linked twin
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# A season's teams, and who was in them when. A person is in one at a time.
teams = Table(
    "teams",
    metadata,
    _id(),
    _community(),
    Column("season", Exact, nullable=False),  # quiz.seasons.Seasons.key
    Column("name", Text, nullable=False),
    Column("sort_name", Exact, nullable=False),  # by which teams are told apart and ordered: store.teams.sort_name
    Column("own_name", Text),  # what it gave way with: a team of a joint community was called so before it
    Column("platform", Text, nullable=False),  # where it was made: there it returns to from a joint community
    Column("workspace", Text, nullable=False),
    Column("origin", BigId),  # whose copy it is, since workspaces whose people were in it have parted
    Column("members", Integer, nullable=False),
    Column("lasting", Boolean, nullable=False),  # an admin made it: it stays when nobody is in it
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),  # its answers go on naming it
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

memberships = Table(
    "memberships",
    metadata,
    _id(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False),
    Column("season", Exact, nullable=False),  # the team's
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    _persons_community(),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("account_id", BigId, nullable=False),  # by which they joined, as in `answers`
    Column("platform", Text, nullable=False),  # where they did
    Column("workspace", Text, nullable=False),
    Column(
        "apart", Boolean, nullable=False, server_default=false()
    ),  # stands, and another of the person's that began earlier counts
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

# Teams of which the platform says who is in them: whoever has a role (Discord) or is in a user group (Slack) of a workspace.
bindings = Table(
    "bindings",
    metadata,
    _id(),
    _community(),  # the workspace's
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("group_id", Text, nullable=False),  # the role's or user group's, and its name when that was last told
    Column("group_name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column(
        "gone_at", Moment
    ),  # when the platform had no such role or group any more: the team is an ordinary one there
    UniqueConstraint("team_id", "platform", "workspace"),
    Index("ix_bindings_platform_workspace", "platform", "workspace"),
)

# A card as it was when first used; a changed text is a new row, so an open post or an old answer never changes meaning.
cards = Table(
    "cards",
    metadata,
    _id(),
    _community(),
    Column("deck", Text, nullable=False),
    Column("deck_title", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("body", Text, nullable=False),  # quiz.cards.to_json
    Column("set_aside", Text),  # why no platform takes it: it is not asked again
    Column("corrected", Text),  # the body as the community corrected it, and the latest correction that did
    Column("correction", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("community_id", "deck", "card", "version"),
)

schedules = Table(
    "schedules",
    metadata,
    _id(),
    _community(),
    Column("question_id", BigId, ForeignKey("schedules.id")),  # see store.questions; none: it is one by itself
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("time", Text, nullable=False),  # HH:MM in `zone`
    Column("zone", Text, nullable=False),
    Column("days", Text, nullable=False),  # quiz.rhythm.written
    Column("decks", JSON, nullable=False),  # ids; none: every deck
    Column("levels", JSON, nullable=False),  # as `decks`: a card is of one of them
    Column("topics", JSON, nullable=False),  # and about one of these
    Column("mode", Text, nullable=False),  # buttons or reactions
    Column("feedback", Text, nullable=False),  # now or at_close
    Column("open_minutes", Integer),  # none: quiz.due.closing decides
    Column("due_at", Moment, nullable=False),  # the next instant
    Column("due_date", Date, nullable=False),  # and its date in `zone`
    Column("recap_at", Moment),  # when the channel's week is next told of; none: it is not
    Column("paused", Text),  # why nothing is posted: store.schedules.Pause
    Column("trouble", Text),  # what is wrong and how to mend it: a marked sentence, written
    Column("told_at", Moment),  # when an admin was told of the trouble
    Column("tell_realm", Text),  # who is told: an account, see events.Actor; none: the workspace's owner
    Column("tell_id", Text),
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),  # its posts go on naming it
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

# The community's question days, numbered without gaps as they come: two are consecutive when their numbers are.
question_days = Table(
    "question_days",
    metadata,
    Column("community_id", BigId, ForeignKey("communities.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False),
    UniqueConstraint("community_id", "number"),
    sqlite_with_rowid=False,
)

# state: claimed (about to be sent) → open (message_id known) → collecting (what was kept until the close becomes answers;
# only where there is such) → closing (no more answers) → closed (results shown);
# failed: will never be shown, `problem` says why.
posts = Table(
    "posts",
    metadata,
    _id(),
    _persons_community(),
    Column("schedule_id", BigId, ForeignKey("schedules.id")),
    Column("local_date", Date),  # in the schedule's zone; none: posted by hand, beside the day's own
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("card_id", BigId, ForeignKey("cards.id"), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("mode", Text, nullable=False),  # the schedule's when it was claimed
    Column("feedback", Text, nullable=False),  # the schedule's too: now or at_close
    Column("seeded", Boolean, nullable=False),  # whether the emojis to answer with are under it; true with buttons
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("day", Date, nullable=False),
    Column("day_number", Integer, nullable=False),
    Column("numbered", Boolean, nullable=False, server_default=true()),  # false: asked where no streaks were kept
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("look_at", Moment),  # when to look whether a message that may have been sent twice has a twin
    Column("correction", Integer, nullable=False, server_default=text("0")),  # of its card: answers are graded by it
    Column("corrected", Boolean, nullable=False, server_default=false()),  # since it was asked
    Column("shown", Integer, nullable=False, server_default=text("0")),  # the correction that its results show
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

# What happened to a post, for an operator who asks why.
post_events = Table(
    "post_events",
    metadata,
    _id(),
    _persons_community(),
    Column("post_id", BigId, ForeignKey("posts.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),  # store.post_log.What
    Column("detail", Text),
)

# A channel's recap of a week. state: claimed (about to be sent) → posted (message_id known); failed: will never be shown,
# `problem` says why.
recaps = Table(
    "recaps",
    metadata,
    _id(),
    _persons_community(),
    Column("schedule_id", BigId, ForeignKey("schedules.id"), nullable=False),  # with which it came due
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("first", Date, nullable=False),  # the week's Monday, in the community's zone
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("due_at", Moment, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("look_at", Moment),  # when to look whether a message that may have been sent twice has a twin
    Index("ix_recaps_state_claimed_at", "state", "claimed_at"),
    Index(
        "ix_recaps_look_at",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
)

# What happened to a recap, as with posts.
recap_events = Table(
    "recap_events",
    metadata,
    _id(),
    _persons_community(),
    Column("recap_id", BigId, ForeignKey("recaps.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),  # store.recaps.What
    Column("detail", Text),
)


def _answer() -> list[Column[Any]]:
    return [
        _persons_community(),
        Column("post_id", BigId, ForeignKey("posts.id"), nullable=False),
        Column("person_id", BigId, ForeignKey("people.id"), nullable=False),
        Column("card_id", BigId, ForeignKey("cards.id"), nullable=False),
        Column("team_id", BigId, ForeignKey("teams.id")),  # the person's when the post opened
        Column("day", Date, nullable=False),
        Column("given", Text, nullable=False),  # as quiz.grading reads it
        Column("fraction", Float, nullable=False),  # 0 to 1
        Column("correct", Boolean, nullable=False),
        Column("points", SmallInteger, nullable=False),
        Column("on_offer", SmallInteger, nullable=False),
        Column("hinted", Boolean, nullable=False, server_default=false()),
        Column("guessed", Boolean, nullable=False, server_default=false()),
        Column("answered_at", Moment, nullable=False),
        Column(
            "account_id", BigId, nullable=False
        ),  # by which it came: the person's at that time, so not checked again
        Column("correction", Integer, nullable=False, server_default=text("0")),  # of the card, by which it is graded
    ]


# One answer counts per person, card and day, in however many channels the card was posted.
answers = Table(
    "answers",
    metadata,
    _id(),
    *_answer(),
    UniqueConstraint("person_id", "card_id", "day"),
    Index("ix_answers_post_id", "post_id"),
)

# Answers that count for nothing as long as an earlier one of the same person to the same card and day does: it came by
# another of their accounts, before the two were linked.
later_answers = Table(
    "later_answers",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),  # its own, as in `answers`
    *_answer(),
    Index("ix_later_answers_person_id", "person_id"),
    Index("ix_later_answers_post_id", "post_id"),
)

# What stands under an open post in reaction mode: all of a person's reactions, of which the first counts. They become
# answers when the post closes.
reactions = Table(
    "reactions",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),  # the realm of the id, see events.Actor
    Column("user_id", Text, primary_key=True),
    Column("given", Text, primary_key=True),  # as quiz.grading reads it
    _persons_community(),
    Column("name", Text, nullable=False),
    Column("reacted_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Answers to posts whose feedback comes at the close: each person's latest, until it becomes an answer.
pending_answers = Table(
    "pending_answers",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),  # the realm of the id, see events.Actor
    Column("user_id", Text, primary_key=True),
    _persons_community(),
    Column("name", Text, nullable=False),
    Column("given", Text, nullable=False),  # as quiz.grading reads it
    Column("hinted", Boolean, nullable=False),
    Column("answered_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Kept scores: one row per person and period (quiz.periods), moved by each answer.
scores = Table(
    "scores",
    metadata,
    Column("community_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("person_id", BigId, ForeignKey("people.id"), primary_key=True),
    Column("sort_name", Exact, nullable=False),  # the name case-folded: order inside a tie
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False, server_default=false()),  # as `people` has it
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

# How many people have how many points in a period: a rank is a sum over few rows instead of a count over everyone ahead.
# Moved with `scores`, and without those who hide; a row may say 0 people.
score_counts = Table(
    "score_counts",
    metadata,
    Column("community_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("points", Integer, primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What each member's answers came to for a team, and what all of them did together: a team board is read from `team_totals`
# alone. A team's season is all time to it, so there are no rows of that. A member who left, or who hides, goes on counting.
team_scores = Table(
    "team_scores",
    metadata,
    Column("community_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", BigId, primary_key=True, autoincrement=False),
    Column("person_id", BigId, primary_key=True, autoincrement=False),
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

team_totals = Table(
    "team_totals",
    metadata,
    Column("community_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", BigId, primary_key=True, autoincrement=False),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("people", Integer, nullable=False),  # of whom there are answers
    sqlite_with_rowid=False,
)

streaks = Table(
    "streaks",
    metadata,
    Column("person_id", BigId, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    _persons_community(),
    Column("current", Integer, nullable=False),
    Column("best", Integer, nullable=False),
    Column("freezes", SmallInteger, nullable=False),
    Column("last_number", Integer, nullable=False),  # the question day answered last
)

# What a person did on a day. Streaks and 'days practised' derive from it, so a change of zone rewrites nothing.
days = Table(
    "days",
    metadata,
    Column("person_id", BigId, ForeignKey("people.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    _community(),
    Column("number", Integer),  # the question day's, once a question of it was answered
    Column("questions", Integer, nullable=False),
    Column("practised", Integer, nullable=False),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _community(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column("account_id", BigId, nullable=False),  # by which it was begun, as in `answers`
    Column("platform", Text, nullable=False),  # where it was begun
    Column("workspace", Text, nullable=False),  # empty in a conversation that belongs to none
    Column("cards", JSON, nullable=False),  # ids of `cards`, in the order asked
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
)

practice_answers = Table(
    "practice_answers",
    metadata,
    Column("session_id", BigId, ForeignKey("sessions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 0
    _community(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column("card_id", BigId, ForeignKey("cards.id"), nullable=False),
    Column("given", Text, nullable=False),
    Column("fraction", Float, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("hinted", Boolean, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("correction", Integer, nullable=False, server_default=text("0")),  # as in `answers`
    Column("day", Date, nullable=False),  # the community's, as in `days`
    Index("ix_practice_answers_card_id", "card_id"),
    sqlite_with_rowid=False,
)

# A live round in a channel, whose one message is edited from state to state: posting → lobby → asking → revealed → asking …
# → over. See store.live.
live_rounds = Table(
    "live_rounds",
    metadata,
    _id(),
    _community(),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),  # empty where it is in none
    Column("account_id", BigId),  # the host's, as in `answers`; none: they are no longer known
    Column("deck", Text, nullable=False),
    Column("cards", JSON, nullable=False),  # ids of `cards`, in the order asked
    Column("seconds", SmallInteger, nullable=False),  # for each question
    Column("day", Date, nullable=False),  # the community's when it was begun: all of it counts there
    Column("key", Text, nullable=False, unique=True),
    Column("message_id", Text),
    Column("state", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),  # of the question that is asked or revealed, from 0
    Column("ending", Text),  # store.live.Ending, once it is over
    Column("asked_for_at", Moment, nullable=False),
    Column("begins_at", Moment, nullable=False),  # of the state: the question's time runs from here
    Column("ends_at", Moment, nullable=False),
    Column("step", Integer, nullable=False),  # grows with whatever changes what is to be seen
    Column("shown", Integer, nullable=False),  # the step that the message shows
    Column("due_at", Moment),  # when it is next to be seen to; none: it is over, and its end is shown
    Column("held_until", Moment),  # a worker sees to it; after that another may
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

live_players = Table(
    "live_players",
    metadata,
    Column("round_id", BigId, ForeignKey("live_rounds.id"), primary_key=True, autoincrement=False),
    Column("account_id", BigId, primary_key=True, autoincrement=False),  # by which they joined, as in `answers`
    _persons_community(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column("joined_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Each person's first answer to a question counts, whichever account it came by.
live_answers = Table(
    "live_answers",
    metadata,
    Column("round_id", BigId, ForeignKey("live_rounds.id"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("account_id", BigId, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column("given", Text, nullable=False),  # as quiz.grading reads it
    Column("answered_at", Moment, nullable=False),
    Column("correct", Boolean),  # none until the question is over, and for good where it was cut short
    Column("points", SmallInteger),
    sqlite_with_rowid=False,
)

# What admins corrected, and how far the answers are regraded by it: the log of who did what. state: store.corrections.State.
corrections = Table(
    "corrections",
    metadata,
    _id(),
    _persons_community(),
    Column("deck", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("card_id", BigId, ForeignKey("cards.id"), nullable=False),  # the version that was looked at
    Column("base", Integer, nullable=False),  # the correction of the card that was in force then
    Column("person_id", BigId, nullable=False),  # who; 0 when they are no longer known
    Column("platform", Text, nullable=False),  # where they did: it stays with that workspace
    Column("workspace", Text, nullable=False),
    Column("extent", Text, nullable=False),  # quiz.corrections.Extent
    Column("said", Text, nullable=False),  # what is right, in the admin's words
    Column("before", Text, nullable=False),  # the key, as quiz.corrections writes it
    Column("after", Text, nullable=False),
    Column("bodies", JSON, nullable=False),  # what each version of the card is by it; null: as in the deck
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False, server_default=text("0")),  # answers to be regraded
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("changed", Integer, nullable=False, server_default=text("0")),  # of which another grade came out
    Column("at", Moment, nullable=False),
    Index("ix_corrections_card", "community_id", "deck", "card"),
    Index("ix_corrections_state", "state"),
)

# Whose grade a correction changed, and by how much in all; they are told, once.
regraded = Table(
    "regraded",
    metadata,
    Column("correction_id", BigId, ForeignKey("corrections.id"), primary_key=True, autoincrement=False),
    Column("person_id", BigId, primary_key=True, autoincrement=False),
    _persons_community(),
    Column("points", Integer, nullable=False),
    Column("fraction", Float, nullable=False),
    Column("told_at", Moment),
    sqlite_with_rowid=False,
)

# Problems that people have with cards: one a person and card. They are for admins, who see no names.
reports = Table(
    "reports",
    metadata,
    Column("platform", Text, primary_key=True),  # where it was reported
    Column("workspace", Text, primary_key=True),
    Column("deck", Text, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("account_id", BigId, primary_key=True, autoincrement=False),  # by which, as in `answers`
    _persons_community(),
    Column("person_id", BigId, ForeignKey("people.id"), nullable=False, index=True),
    Column("card_id", BigId, ForeignKey("cards.id"), nullable=False),  # the version that they saw
    Column("reason", Text, nullable=False),  # store.reports.Reason
    Column("words", Text, nullable=False),
    Column("reported_at", Moment, nullable=False),
    Column("settled_at", Moment),  # when an admin dismissed it, or corrected the card
    Index("ix_reports_card", "community_id", "deck", "card"),
    sqlite_with_rowid=False,
)

# Cards that an admin took out of the daily question, whatever their version; by the workspace in which they did.
retired_cards = Table(
    "retired_cards",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("deck", Text, primary_key=True),
    Column("card", Text, primary_key=True),
    Column("community_id", BigId, nullable=False, index=True),
    Column("retired_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Codes that somebody enters on the other side of what they join: two accounts of a person, or two communities.
link_codes = Table(
    "link_codes",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # of the code; who reads the table can enter none
    _community(),
    Column("kind", Text, nullable=False),  # store.codes.Kind
    Column("platform", Text, nullable=False),  # the account that made it
    Column("workspace", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    sqlite_with_rowid=False,
)

# Codes that were entered and aren't any, by account: whoever guesses too often has to wait.
code_guesses = Table(
    "code_guesses",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("guessed_at", Moment, nullable=False),
    Index("ix_code_guesses_account", "platform", "workspace", "user_id", "guessed_at"),
)

# What is left of the answers of people who were forgotten: how many gave which answer to a post.
forgotten_answers = Table(
    "forgotten_answers",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id"), primary_key=True),
    Column("given", Text, primary_key=True),  # of a card with options; empty where it was somebody's own words
    Column("correct", Boolean, primary_key=True),
    _persons_community(),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# And of what they brought to teams, by the workspace in which the questions were asked: as `team_totals`, which hold it too.
forgotten_shares = Table(
    "forgotten_shares",
    metadata,
    Column("community_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Exact, primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("on_offer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Accounts that were forgotten, so that a restored backup doesn't remember them: store.tombstones.
tombstones = Table(
    "tombstones",
    metadata,
    Column("mark", LargeBinary, primary_key=True),  # a keyed hash; nobody can be read from it
    Column("forgotten_at", Moment, nullable=False),
    Column("noted", Boolean, nullable=False, server_default=false()),  # whether the ledger has it
    Column("cleared", Boolean, nullable=False, server_default=false()),  # whether the file's free pages are cleared
    sqlite_with_rowid=False,
)

# What adapters remember: platform.Vault. It belongs to whoever runs the bot, so it has no community.
vault = Table(
    "vault",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("key", Exact, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
