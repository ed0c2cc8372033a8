"""What this package says, from sentences.toml."""

from pathlib import Path

from plugins.domain.sentences import Sentences

SAYS = Sentences(Path(__file__).with_suffix(".toml"))
