"""What Brickie can do, one folder a verb, and the nouns that the verbs share.

Request in, decision, estimate, findings, Terraform and plan out. Nothing here knows of conversations, channels
or models: `agent` imports `plugins`, never the reverse.
"""
