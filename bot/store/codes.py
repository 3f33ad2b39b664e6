"""Codes that join two sides: made on the one, entered on the other. They work once, for ten minutes, and can't be guessed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.ballots import Account
from bot.store.people import by
from bot.store.tables import code_guesses, link_codes

LASTS = timedelta(minutes=10)
GUESSES = 5
"""Wrong codes that one account may enter in the time that a code lasts. More tell nobody anything: there are 2^130 codes."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILO", "110")
_GROUPS = (5, 5, 6, 5, 5)
_BITS = 5 * sum(_GROUPS)


class Kind(StrEnum):
    """What a code joins."""

    PERSON = "person"
    COMMUNITY = "community"


class Refusal(StrEnum):
    """Why a code does nothing."""

    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    OWN = "own"
    OTHER_KIND = "other kind"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Code:
    """A code that holds; who made it, in which community."""

    digest: bytes
    community_id: int
    account: Account


def written(number: int) -> str:
    """A number of 130 bits as people type it: five groups of letters and digits, without I, L, O and U."""
    every = "".join(_LETTERS[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    groups = []
    for size in _GROUPS:
        groups.append(every[:size])
        every = every[size:]
    return "-".join(groups)


def meant(typed: str) -> str:
    """A code as somebody typed it, in one spelling: case, dashes and spaces are nothing, look-alikes what they look like."""
    return "".join(char for char in typed.upper().translate(_ALIKE) if char in _LETTERS)


def _digest(typed: str) -> bytes:
    return hashlib.sha256(meant(typed).encode()).digest()


async def make(
    tx: AsyncConnection, kind: Kind, community_id: int, account: Account, chance: random.Random, now: datetime
) -> str:
    """A new code. The account's earlier ones of this kind end, and so do all that are long over."""
    mine = and_(by(link_codes, account), link_codes.c.kind == kind, link_codes.c.used_at.is_(None))
    await tx.execute(delete(link_codes).where(mine | (link_codes.c.expires_at < now - timedelta(days=1))))
    code = written(chance.getrandbits(_BITS))
    row = {
        "digest": _digest(code),
        "community_id": community_id,
        "kind": kind,
        "platform": account.platform,
        "workspace": account.workspace,
        "user_id": account.user_id,
        "expires_at": now + LASTS,
    }
    await tx.execute(insert(link_codes).values(row))
    return code


async def read(tx: AsyncConnection, typed: str, kind: Kind, account: Account, now: datetime) -> Code | Refusal:
    """The code that an account enters, which stays good; or why it is none. A wrong one is counted."""
    if tx.dialect.name == "postgresql":  # two workers count one guesser's codes one after the other
        who = "\0".join((account.platform, account.workspace, account.user_id)).replace("\0", "\n")
        await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": who})
    recent = and_(by(code_guesses, account), code_guesses.c.guessed_at > now - LASTS)
    guesses: int = (await tx.execute(select(func.count()).select_from(code_guesses).where(recent))).scalar_one()
    if guesses >= GUESSES:
        return Refusal.TOO_MANY
    digest = _digest(typed)
    row = (await tx.execute(select(link_codes).where(link_codes.c.digest == digest))).one_or_none()
    if row is None:
        await tx.execute(delete(code_guesses).where(code_guesses.c.guessed_at <= now - LASTS))
        guess = {"platform": account.platform, "workspace": account.workspace, "user_id": account.user_id}
        await tx.execute(insert(code_guesses).values(**guess, guessed_at=now))
        return Refusal.WRONG
    if row.used_at is not None:
        return Refusal.USED
    if row.expires_at <= now:
        return Refusal.EXPIRED
    if row.kind != kind:
        return Refusal.OTHER_KIND
    maker = Account(row.platform, row.workspace, row.user_id, "")
    if kind is Kind.PERSON and (maker.platform, maker.workspace, maker.user_id) == (
        account.platform,
        account.workspace,
        account.user_id,
    ):
        return Refusal.OWN
    return Code(digest, row.community_id, maker)


async def spend(tx: AsyncConnection, code: Code, now: datetime) -> bool:
    """Use a code up; False when somebody else was quicker."""
    unused = and_(link_codes.c.digest == code.digest, link_codes.c.used_at.is_(None), link_codes.c.expires_at > now)
    return (await tx.execute(update(link_codes).where(unused).values(used_at=now))).rowcount == 1
