"""Reaction mode: a channel answers with the emojis under the post. The first counts, removing it withdraws it, and all of
them become answers when the post closes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.events import Actor, Reaction
from bot.features import faces
from bot.features.desk import Desk, account
from bot.features.turn import Outcome
from bot.quiz.cards import LETTERS, Card, SingleChoice, TrueFalse
from bot.store.ballots import Account
from bot.store.posts import PostRow, State
from bot.store.reactions import Mark
from bot.store.schedules import Mode
from bot.words import N_

HOW = N_(
    "Answer with a reaction: the number of your option. Your first one counts; take it away before the question closes and "
    "it doesn’t. Results come then."
)


def options(card: Card) -> Mapping[str, str]:
    """The emojis that a card is answered with, in order, and the answer that each gives; none where it can't be."""
    match card:
        case SingleChoice() if len(card.options) <= len(faces.KEYCAPS):
            return dict(zip(faces.KEYCAPS, LETTERS[: len(card.options)], strict=False))
        case TrueFalse():
            return dict(zip(faces.KEYCAPS, ("true", "false"), strict=False))
        case _:
            return {}


def emoji_of(card: Card, given: str) -> str:
    """The emoji that gives an answer."""
    return next(emoji for emoji, gives in options(card).items() if gives == given)


async def reacted(desk: Desk, event: Reaction, now: datetime) -> Outcome:
    """A reaction came or went. After the closing only those that come are kept, so that nobody takes them for earlier ones."""
    post = await desk.post_at(event.ref)
    if post is None or post.mode is not Mode.REACTIONS or post.state not in (State.OPEN, State.COLLECTING):
        return Outcome()
    if now >= post.closes_at and not event.added:
        return Outcome()
    by_emoji = {_plain(emoji): given for emoji, given in options(post.card).items()}
    if (given := by_emoji.get(_plain(event.emoji))) is not None:
        await desk.mark(Mark(post.id, post.community_id, account(event.actor), given, event.added, now))
    return Outcome()


def _plain(emoji: str) -> str:
    """Without the selector that asks for a coloured picture, which platforms drop and add."""
    return emoji.replace("\ufe0f", "")


def found(post: PostRow, standing: Mapping[str, Sequence[Actor]]) -> dict[str, list[Account]]:
    """Who gave each answer, from who stands under each emoji."""
    gives = options(post.card)
    return {gives[emoji]: [account(actor) for actor in actors] for emoji, actors in standing.items()}
