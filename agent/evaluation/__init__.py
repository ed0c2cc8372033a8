"""Labelled messages and conversations, run through a brain and marked: how well it reads, and at what price.

For whoever chooses a model: `gold` is what a set holds, `marking` compares (pure), `running` runs and measures,
`report` prints one run, or two side by side. Terraform is in memory here: what is judged is understanding.
"""
