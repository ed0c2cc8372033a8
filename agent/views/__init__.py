"""What people and assistants are shown of the records, and who may see what (`visibility`). Reads only.

In go records, out come events, rows and words: `plan` a plan as its event, `workspace_status` how a workspace stands,
`lookups` what a model or an assistant may look up, `first_reading` what one line is understood as, `networks` what
other workspaces occupy. A view costs one read of the database, and writes nothing but the notice that a state is lost.
"""
