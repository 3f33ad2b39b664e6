"""`/quiz today`: what can be answered now, to answer right there; and how the asker did where they have."""

from __future__ import annotations

from bot.events import Command, Press
from bot.features import daily, posting, prose, reactions
from bot.features.streak import shown_streak
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Channel, Message, Text, When, button_rows
from bot.store import answers, pending, posts
from bot.store import reactions as kept_reactions
from bot.store.posts import PostRow
from bot.store.schedules import Mode
from bot.words import _


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """The channel's open question, or the community's latest if this channel has none."""
    open_now = await posts.open_posts(turn.tx, turn.member.community_id, turn.now)
    here = [post for post in open_now if post.place.channel == event.place.channel] or open_now
    if not here:
        return Outcome(
            Message.of(
                _("There is no open question right now. You can practise in the meantime."),
                *button_rows([Button(_("Practise"), Action.of("play"))]),
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
    told = _("You have answered today’s question. Results for all come {instant}.")
    before = (Text.woven(told, instant=When(post.closes_at)),)
    streak = await shown_streak(turn)
    return Outcome(daily.verdict(post, mine.given, daily.points_now(post, mine), mine.guessed, streak, before))


def _reacted(post: PostRow, given: str) -> Message:
    emoji = reactions.emoji_of(post.card, given)
    told = _("You answered {emoji}. It counts; results come {instant}.")
    return Message.of(Text.woven(told, emoji=emoji, instant=When(post.closes_at)))


def _question(turn: Turn, post: PostRow, before: tuple[Block, ...] = ()) -> Message:
    where = Text.woven(_("The question to react to stands in {channel}."), channel=Channel(post.place.channel))
    shown = *before, posting.about(post), *posting.asked(post, turn.shelf)
    return prose.fitted(*shown, *([where] if post.mode is Mode.REACTIONS else []))
