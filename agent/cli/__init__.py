"""What each command does, a file a command; `arguments` says which words lead to which function of which file.

    chat        chat.py: a conversation here        parse        parse.py, explain.py: messages understood
    plan        plan.py: a plan without talking      eval         evaluate.py: how well a brain reads
    mcp         mcp.py: functions for an assistant   doctor       doctor.py: what is configured
    serve       serve.py: the web server             deployments  deployments.py reads, orders.py has work done
    approvals   approvals.py: what waits for whom    audit        audit.py: who did what
    worker      worker.py: one more process          help         help.py: settings, hosting and more
    sandbox     sandbox.py: its reset and its faults

What is asked for goes through the same app and the same turns as in a conversation, so that the same rules decide it
and the same audit keeps it; what is only read comes from the records, without starting any work. `session` is what
the commands share.
"""
