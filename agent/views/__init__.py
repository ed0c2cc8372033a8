"""Reading only: who may see what, and plans, workspaces and look-ups as they are shown, on whichever channel."""
