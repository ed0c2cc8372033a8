"""Tokens as a site that shows the widget makes them: any number of people for one server."""

import base64
import hashlib
import hmac
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

SECRET = "an-embedding-secret-of-the-tests-0123456789"
TOKENS = {"EmbeddingIssuer": "intranet", "EmbeddingSecret": SECRET}
"""The settings `Identity` of a server that takes them."""


def token(**claims: Any) -> str:
    given = {
        "iss": "intranet",
        "aud": "brickie",
        "exp": int(time.time()) + 300,
        "sub": "u-7",
        "name": "Bo",
        "roles": ["requester"],
        **claims,
    }
    return jwt.encode({"alg": "HS256"}, {k: v for k, v in given.items() if v is not None}, OctKey.import_key(SECRET))


def signed(header: bytes, claims: bytes) -> str:
    """A token of exactly these texts, with a good signature."""
    text = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{text}.{_encoded(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())}"


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
