"""The commands that look after what stands: deployments, approvals, the audit, a worker.

What is asked for goes through the same app and the same turns as in a conversation, so that the same rules decide it
and the same audit keeps it; what is only read comes from the records, without starting any work.
"""
