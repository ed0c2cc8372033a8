"""Words that are not repeated when a person is shown what was read.

What is cut out before anything is understood must be a credential beyond doubt, since a wrong hit costs the request its
words. What is hidden here may be wider, since a wrong hit costs a word in a list. Prefixes are the vendors' own: GitHub
(docs.github.com, "About authentication to GitHub", token formats), Slack (api.slack.com/authentication/token-types),
Databricks personal access tokens (`dapi` and 32 hex digits), AWS access key ids, OpenAI keys, JSON Web Tokens (RFC
7519), and the keys of Azure Storage (88 characters of base64) and of its shared access signatures (`sig=`). All read
2026-11-29.
"""

import re

HIDDEN = "(hidden)"

_SECRET = re.compile(
    r"""
      \b(?:gh[pousr]_|github_pat_|xox[abeprs]-|dapi(?=[0-9a-f]{16})|AKIA(?=[0-9A-Z]{16})|sk-)[\w-]{8,200}
    | \beyJ[\w-]{8,2000}(?:\.[\w-]{1,4000}){0,2}
    | \b(?:pass(?:word|wd|phrase)|pwd|pw|secret|(?:api|access|account)[ _-]?key|token|sig|client[ _-]?secret)
      (?:\s{0,3}[:=]\s{0,3}|\s+is\s+)[^\s,;]{4,400}
    | (?<![\w+/])[\w+/]{40,200}={0,2}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def hidden(text: str) -> str:
    """The text with every secret in it replaced. Linear in its length."""
    return _SECRET.sub(HIDDEN, text)
