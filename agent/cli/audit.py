"""`brickie audit`: the newest rows, whether the whole chain is as it was written, and its head to keep elsewhere."""

import argparse
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.session import CommandSession, fail, write_json
from agent.events import Table
from agent.output import put
from agent.store.audit import Entry, keys_of
from agent.store.audit_proof import Anchor, Proof, anchor_in, anchor_now, proof_of
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError

COLUMNS = ("Row", "When (UTC)", "Who", "What", "Detail", "Plan", "Deployment")


def listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """The newest rows, the oldest of them first."""
    if options.most < 1:
        raise error_of(ConfigurationError, "cli.audit.most_below_one", most=options.most)
    return asyncio.run(_listed(options, environment))


def verified(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """0 when every row is as it was written; 1, with the first that is not, otherwise.

    Raises ConfigurationError for an AUDIT_KEY or an anchor that cannot be used.
    """
    return asyncio.run(_verified(options, environment))


async def _listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    rows = await session.read(lambda records: records.audited(most=options.most))
    await session.close()
    if session.as_json:
        for seq, entry in rows:
            write_json(_document(seq, entry))
        return 0
    cells = tuple(
        (seq, f"{e.at:%Y-%m-%d %H:%M:%S}", _who(e), e.what, e.detail, e.plan_id or "", e.deployment_id or "")
        for seq, e in rows
    )
    session.show([Table(conversation="", turn=0, title=phrase("cli.audit.title"), columns=COLUMNS, rows=cells)])
    return 0


async def _verified(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    keys = keys_of(environment)
    anchor = _anchor_in(options.anchor, environment) if options.anchor else None
    # The key and the anchor first: with either of them wrong nothing is proved.
    session = CommandSession(options, environment)
    proof = await session.read(lambda records: proof_of(records.connection, keys, anchor))
    await session.close()
    broken = proof.broken
    if session.as_json:
        first = {"seq": broken.seq, "what": broken.what} if broken else None
        keyed = proof.keyed_from if keys else None
        anchored = anchor.seq if anchor else None
        write_json(
            {
                "whole": broken is None,
                "rows": proof.rows,
                "first_break": first,
                "keyed_from": keyed,
                "anchored_to": anchored,
                "proves": "" if broken else _proves(proof, anchor, has_key=bool(keys)),
            }
        )
    elif broken is None:
        session.show([])
        rows = phrase("cli.audit.rows_one" if proof.rows == 1 else "cli.audit.rows", count=proof.rows)
        put(phrase("cli.audit.whole", rows=rows, proves=_proves(proof, anchor, has_key=bool(keys))) + "\n")
    if broken is not None:
        return fail(phrase("cli.audit.broken", row=broken.seq, what=broken.what))
    return 0


def anchored(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Prints the anchor, or writes it to a file; 1 when the chain does not hold."""
    return asyncio.run(_anchored(options, environment))


async def _anchored(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    keys, now = keys_of(environment), datetime.now(UTC)
    try:
        anchor = await session.read(lambda records: anchor_now(records.connection, keys, now=now))
    finally:
        await session.close()
    if options.out is not None:
        _write(anchor, options.out)
    elif session.as_json:
        write_json(
            {"anchor": anchor.text, "row": anchor.seq, "at": anchor.at.isoformat(), "keyed": bool(anchor.marked)}
        )
    else:
        put(f"{anchor.text}\n")
    return 0


def _write(anchor: Anchor, out: Path) -> None:
    try:
        out.write_text(anchor.text + "\n", "utf-8")
    except OSError as error:
        raise error_of(ConfigurationError, "cli.audit.unwritable", out=out) from error


def _anchor_in(anchor: str, environment: Mapping[str, str]) -> Anchor:
    """The anchor in the file of that name, or in that text itself."""
    try:
        text = Path(anchor).read_text("utf-8") if Path(anchor).is_file() else anchor
    except (OSError, UnicodeDecodeError) as error:
        raise error_of(ConfigurationError, "cli.audit.unreadable", anchor=anchor[:60]) from error
    return anchor_in(text, keys_of(environment))


def _proves(proof: Proof, anchor: Anchor | None, *, has_key: bool) -> str:
    """What this verification proves, and what it does not."""
    if not has_key or proof.keyed_from is None:
        text = phrase("cli.audit.unkeyed") + (phrase("cli.audit.key_not_given") if proof.keyed_from else "")
    elif proof.keyed_from == 1:
        text = phrase("cli.audit.keyed_all")
    else:
        text = phrase("cli.audit.keyed_from", row=proof.keyed_from)
    if anchor is None:
        return phrase("cli.audit.not_anchored", proves=text)
    return phrase("cli.audit.anchored", proves=text, row=anchor.seq, at=f"{anchor.at:%Y-%m-%d %H:%M} UTC")


def _document(seq: int, entry: Entry) -> dict[str, object]:
    return {
        "seq": seq,
        "at": entry.at.isoformat(),
        "who": entry.who.name,
        "by": {"issuer": entry.who.issuer, "id": entry.who.id},
        "what": entry.what,
        "detail": entry.detail,
        "deployment_id": entry.deployment_id,
        "plan_id": entry.plan_id,
        "conversation": entry.conversation,
        "before": dict(entry.change.before) if entry.change else None,
        "after": dict(entry.change.after) if entry.change else None,
    }


def _who(entry: Entry) -> str:
    """The name, and who that is where the name does not say it."""
    who = entry.who
    return who.name if who.id in ("", who.name) else f"{who.name} ({who.id})"
