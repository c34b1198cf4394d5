"""A service that says whether people are who they claim to be: it reads claims and answers them, several at a time, in their order.

    echo "F-2051 right-index right-index.png" | verification_service.py http://127.0.0.1:7443 nation

A claim is a line: who it is, what was captured, the file.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import connection
from whorl import CallError, Decision, Position, Reason, Sample, WhorlError
from whorl.aio import Client

# How often a stranger may pass.
TARGET_FMR = 1e-4

# Who waits at a gate waits no longer.
DEADLINE_S = 5.0

# How many claims are on their way at once.
AT_ONCE = 8


async def verify(client: Client, gallery: str, claim: str) -> str:
    try:
        id, word, file = claim.split(" ", 2)
        sample = Sample(Path(file).read_bytes(), position=Position.named(word))
        verified = await client.verify(gallery, id, [sample], target_fmr=TARGET_FMR)
    except CallError as error:
        # Who is not enrolled has claimed what cannot be: an answer, and no fault.
        if error.reason == Reason.NOT_ENROLLED:
            return "no match, nobody of that name"
        return f"no answer: {error}"
    except (WhorlError, OSError, ValueError) as error:
        return f"no answer: {error}"
    word = "match" if verified.decision == Decision.MATCH else "no match"
    return f"{word}, {verified.evidence.bans:.1f} bans"


async def answer_in_order(waiting: asyncio.Queue[tuple[str, asyncio.Task[str]] | None]) -> None:
    while (claimed := await waiting.get()) is not None:
        claim, task = claimed
        print(f"{claim.split(' ')[0]}: {await task}", flush=True)


async def main(address: str, gallery: str) -> None:
    waiting: asyncio.Queue[tuple[str, asyncio.Task[str]] | None] = asyncio.Queue(AT_ONCE)
    async with Client(address, deadline_s=DEADLINE_S, **connection.options()) as client:
        answering = asyncio.create_task(answer_in_order(waiting))
        while line := await asyncio.to_thread(sys.stdin.readline):
            claim = line.strip()
            await waiting.put((claim, asyncio.create_task(verify(client, gallery, claim))))
        await waiting.put(None)
        await answering


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
