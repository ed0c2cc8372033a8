"""Running Terraform: the only place that starts a process.

A command runs in a session of its own with its output in files of the run's folder, never on a pipe, so that it
outlives whoever started it. Its environment is built from scratch. What it says is read as JSON and translated
into our own words; its text never reaches a person unfiltered.
"""
