"""How the search for credentials grows with a message, for texts that would make a careless pattern square.

    .venv/bin/python tests/bench/credentials_growth.py

A line each: milliseconds at 15,000 and at 60,000 characters, and how much more than four times the second is.
"""

import time

from plugins.credentials import unmarked, without_credentials

UNITS = (
    " ",
    "\n",
    "a",
    "1",
    "-",
    ".",
    "eyJ-",
    "eyJaaaaaaaa.",
    "-----BEGIN PRIVATE KEY-----",
    "password",
    "password ",
    "password for ",
    "password of a ",
    "a.1Q~",
    "sig=",
    "AccountKey=",
    "dapi0",
    "://a:",
    "http://a:b",
    'secret: "',
    "Aa1+",
    "sk-ab-",
    "secret(",
    "bearer ",
    "access key ",
    "token=",
    "=======AKIA",
    "PuTTY-User-Key-File-",
    "tag a=[removed: a private key]",
    "team,token,token,\n",
    "team,environment,",
    "team,token\na,b\n",
    "tag:",
)
SHORT, LONG, ROUNDS = 15_000, 60_000, 5


def seconds(unit: str, length: int) -> float:
    text = (unit * (length // len(unit) + 1))[:length]
    took: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        unmarked(without_credentials(text))
        took.append(time.process_time() - begun)
    return min(took)


def main() -> None:
    worst = 0.0
    for unit in UNITS:
        short, long = seconds(unit, SHORT), seconds(unit, LONG)
        more = long / short / (LONG / SHORT)
        worst = max(worst, more)
        print(f"{unit!r:34} {short * 1000:6.1f} {long * 1000:6.1f}  {more:.2f}")
    print(f"worst: {worst:.2f} times linear")


if __name__ == "__main__":
    main()
