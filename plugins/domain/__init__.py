"""The nouns. Values only: frozen, validated where untrusted data enters, free of every framework but pydantic.

Glossary, one word an idea. What a person says:

request         what a person asked for of one workspace; every field None until stated or inferred
assumption      a field's value that was inferred or defaulted rather than said, with its reason
act             what a message does: provision, amend, confirm, ask for the cost …
statement       what a message says of one workspace
doubt           a slot that was spoken of and not settled; it must be asked
understanding   one message: its act, its statements, its doubts
credential      a token, key or password in a text; it is cut out before anything is kept or understood

What is made of it:

decision        the configuration that would be built, each choice with its reason and source
estimate        what a decision costs in a month, line item by line item; a price that nobody knows stays unknown
price list      what Azure's public list said of a region in one currency, and when; its figures are live prices
limit           what a month may cost at most: the person's own, else the environment's
finding         what a policy rule or a preflight has to say of a decision; `deny` stops before Terraform
preflight       a look at what the cloud would refuse at the apply, before the plan; its answers are Azure facts
look-up         one question of a preflight; without an answer it is "not checked"
plan            what a person confirms: resources, price, findings, files of one or several workspaces, under one digest
plan item       one workspace of a plan
plan file       Terraform's own saved plan
batch           several workspaces in one plan
digest          64 hex digits over all that a confirmation accepts; another plan has another one
approval        one person's consent to one plan, used once
four eyes       a second person's consent, where the asker's own does not count

What becomes of it:

deployment      a workspace's whole life, from its first plan to its destruction
run             one execution of Terraform for a deployment
state           Terraform's record of what a deployment is made of
health          whether what was applied works: its address answers, its cluster runs or stopped by itself
drift           what somebody else changed of what is deployed
leftover        what stands in the cloud, belongs to a deployment and is in no state
rollback        taking away again what a failed run has made
take over       to import a workspace that exists and that nobody here has built
extend          to set, move or remove the end of a workspace
neighbours      the other workspaces that stand, and what no two of them may share

Who, and how:

person          somebody as a channel verified them
role            what a person may do: ask, approve
platform settings  what a platform team sets once for everybody, in appsettings.json
sandbox cloud   Azure and Databricks simulated, under the real Terraform
in-memory Terraform  the executor's double: no process, no cloud
turn            one message and everything that was said in reply
event           one piece of that reply, as channels render it

Beside the nouns stands `sentences`: how each package keeps what it says in a table of its own.

Why so: the verbs meet only in these values, so each of them can be read, tested and replaced alone.
"""
