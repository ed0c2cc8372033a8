"""Labelled messages and conversations, run through a brain and marked: how well it reads, and at what price.

For whoever chooses a model: `labels` is what a set holds, `marks` compares (pure), `runner` runs and measures,
`report` prints one run, or two side by side, and `prompts` writes down what a model is sent. Terraform is in memory
here: what is judged is understanding. Conversations get a home of their own that is thrown away; with `--brain model`
every message costs a call of the configured model.
"""
