"""The nouns. Values only: frozen, validated where untrusted data enters, free of every framework but pydantic.

Glossary, one word per idea:

request     what a person asked for; every field None until stated or inferred
assumption  a field's value that was inferred or defaulted rather than said, with its reason
understanding  what one message does (its act) and says (its statements), and what it leaves in doubt
decision    the configuration that would be built, each choice with its reason and source
estimate    what a decision costs in a month, line item by line item
finding     what a policy or preflight rule has to say about a decision
plan        what a person confirms: resources, price, findings, files, bound by one digest
plan file   Terraform's own saved plan
approval    one person's consent to one plan, used once
deployment  a workspace's whole life, from its first plan to its destruction
run         one execution of Terraform for a deployment
turn        one message and everything that was said in reply
event       one piece of that reply, as channels render it

Why so: the verbs meet only in these values, so each of them can be read, tested and replaced alone.
"""
