#!/usr/bin/env bash
# botbuilder-schema 4.17.1: an entity that was read with all its fields is written with its type alone.
# Expected: an activity that is deserialised and serialised again says what it said (msrest keeps unknown fields in
# `additional_properties`, and the entity has them there).
# Seen: `serialize()` drops them without a word. Whoever keeps or forwards an activity in this form loses every entity's
# content, and an outgoing `streaminfo` goes out empty. A subclass with its own `_attribute_map` is written whole.
set -euo pipefail
folder="$(mktemp -d)"; trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q botbuilder-schema==4.17.1
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from botbuilder.schema import Activity, Entity


class StreamInfo(Entity):
    _attribute_map = {
        "type": {"key": "type", "type": "str"},
        "stream_id": {"key": "streamId", "type": "str"},
    }

    def __init__(self, *, stream_id: str) -> None:
        super().__init__(type="streaminfo")
        self.stream_id = stream_id


print("botbuilder-schema", version("botbuilder-schema"))
sent = {"type": "clientInfo", "locale": "en-GB", "country": "GB"}
activity = Activity.deserialize({"type": "message", "text": "hello", "entities": [sent]})
kept, written = activity.entities[0].additional_properties, activity.serialize()["entities"]
print("read:   ", kept)
print("written:", written)
own = Activity(type="typing", entities=[StreamInfo(stream_id="s1")]).serialize()["entities"]
print("own:    ", own)
assert kept == {"locale": "en-GB", "country": "GB"}
assert written == [{"type": "clientInfo"}]
assert own == [{"type": "streaminfo", "streamId": "s1"}]
PYTHON
