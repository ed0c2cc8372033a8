"""Everything that Slack shows of a conversation, as blocks. Pure: a value of the shared room in, a message out."""

from collections.abc import Sequence

from pydantic import JsonValue

from agent.channels.cards.slack_blocks import (
    MOST_OPTION,
    MOST_ROWS,
    Block,
    actions,
    button,
    card_of,
    characters,
    context,
    feedback,
    header,
    link_button,
    rich,
    section,
    table,
)
from agent.channels.cards.slack_plan import plan_card
from agent.channels.cards.slack_text import escaped, literal, plain_text
from agent.channels.messaging.port import (
    Asked,
    Card,
    CardButton,
    Click,
    Digest,
    Link,
    Notice,
    RunLine,
    Said,
    Showing,
    ShownFile,
    ShownPlan,
    ShownProgress,
    ShownResult,
    ShownTable,
    retry_button,
)
from agent.events import Error, SlotQuestion
from agent.output import one_line
from agent.wording import next_words, phrase

MOST_TASKS = 20
"""Workspaces whose progress is shown one by one; the others are counted."""

_MOST_FILE = 11_000
_MOST_TABLE = 7500
_MOST_DIGEST, _MOST_LINES = 9000, 46
SAID = "said"
"""The kind of a card that is an answer in words: what a stream becomes."""

ANSWERS = "brickie:answers"
"""Begins the ids of a form's inputs; the slot follows."""


class SlackCards:
    """`Cards` for Slack."""

    def card(self, showing: Showing) -> Card:  # noqa: C901 - one arm a value
        match showing:
            case Said():
                return _said(showing)
            case Asked():
                return _asked(showing)
            case ShownPlan():
                return plan_card(showing)
            case ShownProgress():
                return _progress(showing)
            case ShownResult():
                return _result(showing)
            case ShownTable():
                return _table(showing)
            case ShownFile():
                return _file(showing)
            case Digest():
                return _digest(showing)
            case Notice():
                return _notice(showing)
            case Error():
                return card_of(escaped(showing.text), [rich(f"⚠️ {showing.text}")])


def _said(said: Said) -> Card:
    text, blocks = _plainly(said.text), [rich(said.text), *_row(said.buttons, said.links)]
    rated = None if said.rating is None else [*blocks, feedback(said.rating)]
    card = card_of(text, blocks) if rated is None else card_of(text, rated, blocks)
    return {**card, "kind": SAID}


def _plainly(markdown: str) -> str:
    """What a notification shows of it."""
    return escaped(one_line(markdown.replace("**", "").replace("`", "")))[:300]


def _row(buttons: Sequence[CardButton], links: Sequence[Link] = ()) -> tuple[Block, ...]:
    made = [button(one, at) for at, one in enumerate(buttons)]
    return actions([*made, *(link_button(link, len(made) + at) for at, link in enumerate(links))])


def _asked(asked: Asked) -> Card:
    questions = asked.question.questions
    text = " ".join(escaped(question.text) for question in questions)
    if len(questions) > 1 and not asked.closed and len(asked.answered) < len(questions):
        return card_of(text, _form(asked))
    blocks: list[Block] = []
    for question in questions:
        blocks.append(_question(question, asked.answered.get(question.slot)))
        blocks += _row([one for one in asked.buttons if one.click.slot == question.slot])
    return card_of(text, [*blocks, context(phrase("slack.question.closed"))] if asked.closed else blocks)


def _question(question: SlotQuestion, answer: str | None) -> Block:
    text = literal(question.text, 1500)
    if answer is None:
        return section(phrase("slack.question.ask", text=text))
    return section(phrase("slack.question.answered", text=text, answer=literal(answer)))


def _form(asked: Asked) -> list[Block]:
    """Several questions at once: a list to pick from or a line to write in for each, and one button to send them."""
    blocks = [
        _question(question, asked.answered[question.slot]) if question.slot in asked.answered else _input(question)
        for question in asked.question.questions
    ]
    click = Click(verb="answers", conversation=asked.question.conversation)
    return [*blocks, *actions([button(CardButton(phrase("slack.question.send"), click, "primary"), 0, "form")])]


def _input(question: SlotQuestion) -> Block:
    action = f"{ANSWERS}:{question.slot}"
    if question.choices:
        options: list[JsonValue] = [
            {"text": plain_text(choice.label, 75), "value": choice.value[:MOST_OPTION]} for choice in question.choices
        ]
        element: Block = {"type": "static_select", "action_id": action, "options": options}
        element["placeholder"] = plain_text(phrase("slack.question.pick"), 150)
    else:
        element = {"type": "plain_text_input", "action_id": action, "max_length": 300}
        element["placeholder"] = plain_text(phrase("slack.question.write"), 150)
    return {
        "type": "input",
        "block_id": f"{ANSWERS}:{question.slot}",
        "optional": True,
        "label": plain_text(question.text, 2000),
        "element": element,
    }


def _progress(shown: ShownProgress) -> Card:
    """One message: a plan with a task a workspace, or the same as a list where a workspace knows no plans."""
    lines = shown.lines[:MOST_TASKS]
    text = _counted(shown)
    stop = _row([shown.stop] if shown.stop is not None else [])
    more = shown.total - len(lines) if all(line.workspace_name for line in lines) else 0
    counted = [phrase("slack.progress.more", count=more, counts=text)] if more > 0 and lines else []
    listed = [" ".join(filter(None, (_sign(line), _name(line), _line(line)))) for line in lines]
    title = f"**{shown.title}**" if len(lines) == shown.total else f"**{text}**"
    simpler = [rich("\n".join((title, *listed, *counted))), *stop]
    if not lines:
        return card_of(text, simpler)
    tasks: list[JsonValue] = [_task(line) for line in lines]
    plan: Block = {"type": "plan", "title": one_line(shown.title)[:150], "tasks": tasks}
    unnamed = not all(line.workspace_name for line in lines)
    below = [context(one) for one in (counted or ([text] if unnamed and shown.total > 1 else []))]
    return card_of(text, [plan, *below, *stop], simpler)


def _counted(shown: ShownProgress) -> str:
    """How far all of it is: of one workspace its name says more than a count."""
    if shown.total == 1:
        names = [line.workspace_name for line in shown.lines if line.workspace_name]
        return ": ".join(escaped(part) for part in (shown.title, *names))
    text = phrase("slack.progress.text", title=escaped(shown.title), done=shown.ended, total=shown.total)
    return text + (phrase("slack.progress.failed", count=shown.failed) if shown.failed else "")


def _task(line: RunLine) -> Block:
    detail: Block = {"type": "rich_text", "elements": [_text(one_line(_line(line))[:300])]}
    task: Block = {
        "type": "task_card",
        "task_id": line.deployment_id[:100] or line.step,
        "title": one_line(line.workspace_name or line.text)[:150],
        "status": task_status(line),
    }
    return {**task, "details": detail} if line.workspace_name else task


def task_status(line: RunLine) -> str:
    """Slack's own words for it: `complete`, where others say "completed"."""
    if line.ended is not None:
        return "error" if line.is_bad else "complete"
    return "in_progress" if line.done or line.text else "pending"


def _text(text: str) -> Block:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text or "–"}]}  # noqa: RUF001


def _sign(line: RunLine) -> str:
    return {"complete": "✅", "error": "❌", "in_progress": "⏳", "pending": "▫️"}[task_status(line)]


def _name(line: RunLine) -> str:
    return f"**{line.workspace_name}**" if line.workspace_name else ""


def _line(line: RunLine) -> str:
    if line.ended is not None:
        return line.ended
    text = line.text or phrase("slack.progress.pending")
    if line.total:
        text = phrase("slack.progress.counted", done=line.done, total=line.total, text=text)
    is_told = line.elapsed_s >= 1
    return phrase("slack.progress.step", text=text, elapsed=f"{line.elapsed_s:.0f}") if is_told else text


def _result(shown: ShownResult) -> Card:
    result = shown.result
    name = literal(shown.workspace_name)
    mention = phrase("slack.result.mention", person=shown.mention) if _is_id(shown.mention) else ""
    blocks = [section(mention + phrase(f"slack.result.{result.status}", name=name))]
    if result.error is not None:
        remedy = f"{result.error.remedy} {next_words(result.error)}".rstrip()
        blocks.append(rich(phrase("slack.result.error", text=result.error.text, remedy=remedy), 2500))
    text = phrase(f"slack.result.text_{result.status}", name=name)
    return card_of(
        mention + text,
        [*blocks, *_row(() if result.error is None else (retry_button(result.conversation),), shown.links)],
    )


def _is_id(person: str | None) -> bool:
    """Only a person's id is a mention: "here" and "channel" would ring for everybody."""
    return person is not None and person.isascii() and person.isalnum() and person[:1] in "UW"


def _table(shown: ShownTable) -> Card:
    event = shown.table
    rows = [["" if cell is None else str(cell) for cell in row] for row in event.rows]
    kept: list[list[str]] = []
    room = _MOST_TABLE - sum(map(len, event.columns))
    for row in rows[: MOST_ROWS - 1]:
        room -= sum(min(len(cell), 500) for cell in row)
        if room < 0:
            break
        kept.append(row)
    title = section(f"*{literal(event.title)}*")
    blocks = [title, table(event.columns, kept)] if kept else [title]
    if len(kept) < len(rows):
        blocks.append(context(phrase("slack.table.more", count=len(rows) - len(kept))))
    lists: Block = {**table(event.columns, kept), "type": "data_table", "caption": one_line(event.title)[:150]}
    lists.pop("column_settings")
    lists["page_size"] = 5
    # The newest kind carries its title itself.
    newest = [lists if block.get("type") == "table" else block for block in blocks if block is not title or not kept]
    buttons = _row(shown.buttons)
    return card_of(escaped(one_line(event.title)), [*newest, *buttons], [*blocks, *buttons])


def _file(shown: ShownFile) -> Card:
    file = shown.file
    title = phrase("slack.file.title", name=literal(file.name))
    blocks = [section(title)]
    if file.content is not None:
        blocks.append(rich(f"```\n{file.content.replace('```', '')}\n```", _MOST_FILE))
        if len(file.content) > _MOST_FILE:
            blocks.append(context(phrase("slack.table.cut")))
    return card_of(escaped(one_line(file.name)), [*blocks, *_row((), [shown.link] if shown.link else [])])


def _digest(digest: Digest) -> Card:
    blocks: list[Block] = [header(digest.title)]
    left = 0
    for title, lines in digest.sections:
        part: list[Block] = [section(f"*{literal(title)}*")]
        for at, line in enumerate(lines):
            accessory = button(line.button, at) if line.button is not None else None
            part.append(section(literal(line.text, 600), accessory))
        # Fifty blocks and some 13,000 characters are a whole message; what is over is counted.
        room = max(0, min(_MOST_LINES - len(blocks), len(part))) if characters(blocks) < _MOST_DIGEST else 0
        blocks += part[:room]
        left += len(part) - room
    if left:
        blocks.append(context(phrase("cards.plan.more", count=left)))
    return card_of(escaped(digest.title), blocks)


_KINDS = {"plain": "", "warning": "⚠️ ", "refusal": "🚫 "}


def _notice(notice: Notice) -> Card:
    buttons = list(notice.buttons)
    if notice.share is not None:
        buttons.append(CardButton(phrase("slack.table.share"), notice.share))
    text = _KINDS[notice.kind] + notice.text
    return card_of(_plainly(text), [rich(text), *_row(buttons, notice.links)])
