"""Who is at the other end of a request, and how they came in.

`identity` tells who sends a request and lets people in and out; `oidc` checks the tokens of a provider or of an
embedding site, `claims` makes a person of what they say, and `sessions` keeps who is signed in.
"""
