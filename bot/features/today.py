"""`/quiz today`: what can be answered now, to answer right there; and how the asker did where they have."""

from __future__ import annotations

from bot.events import Command, Press
from bot.features import daily, posting, prose, reactions
from bot.features.streak import current_streak
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Channel, Message, Text, When, button_rows
from bot.store import answers, pending, posts
from bot.store import reactions as kept_reactions
from bot.store.posts import PostRow
from bot.store.schedules import Mode


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """The channel's open question, or the community's latest if this channel has none."""
    open_now = await posts.open_posts(turn.tx, turn.member.community_id, turn.now)
    here = [post for post in open_now if post.place.channel == event.place.channel] or open_now
    if not here:
        return Outcome(
            Message.of(
                "There is no open question right now. You can practise in the meantime.",
                *button_rows([Button("Practise", Action.of("play"))]),
            )
        )
    post = here[0]
    mine = await answers.own(turn.tx, turn.member.person_id, post.card_id, post.day)
    if mine is None:
        given = await kept_reactions.own(turn.tx, post, turn.member.person_id)
        if given is not None:
            return Outcome(_reacted(post, given))
        given = await pending.own(turn.tx, post, turn.member.person_id)
        return Outcome(_question(turn, post, () if given is None else daily.recorded(post, given).blocks))
    before = (Text.of("You have answered today’s question. Results for all come ", When(post.closes_at), "."),)
    streak = await current_streak(turn)
    return Outcome(daily.verdict(post, mine.given, daily.points_now(post, mine), mine.guessed, streak, before))


def _reacted(post: PostRow, given: str) -> Message:
    emoji = reactions.emoji_of(post.card, given)
    return Message.of(Text.of(f"You answered {emoji}. It counts; results come ", When(post.closes_at), "."))


def _question(turn: Turn, post: PostRow, before: tuple[Block, ...] = ()) -> Message:
    about = Text.of(f"{post.deck_title} · {post.card.level} · closes ", When(post.closes_at), quiet=True)
    where = Text.of("The question to react to stands in ", Channel(post.place.channel), ".")
    shown = *before, about, *posting.asked(post, turn.shelf)
    return prose.fitted(*shown, *([where] if post.mode is Mode.REACTIONS else []))
