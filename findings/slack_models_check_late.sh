#!/usr/bin/env bash
# slack-sdk 3.47.0: its block models check some of Slack's limits, and only when they are turned into JSON.
# Expected: a model either refuses what Slack's reference says it refuses, or says nothing of limits at all.
# Seen: a section of 3,001 characters is made without a word and refused by `to_dict()`; a section whose field has 2,001
# characters (the reference says 2,000: docs.slack.dev, block "section", read 2026-11-29) is made and turned into JSON,
# and only Slack itself answers `invalid_blocks`. Whoever relies on the models must check the rest.
set -euo pipefail
folder="$(mktemp -d)"; trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q slack-sdk==3.47.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

print("slack-sdk", version("slack-sdk"))
long = SectionBlock(text=MarkdownTextObject(text="x" * 3001))
try:
    long.to_dict()
    refused = False
except SlackObjectFormationError as error:
    refused = True
    print("text of 3,001:  made; to_dict() refuses:", error)
field = SectionBlock(fields=[MarkdownTextObject(text="x" * 2001)]).to_dict()
print("field of 2,001: made; to_dict() gives", len(field["fields"][0]["text"]), "characters")
assert refused
assert len(field["fields"][0]["text"]) == 2001
PYTHON
