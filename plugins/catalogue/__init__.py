"""Tables of facts: VM sizes, regions, runtimes, prices. One fact in one place, every row with source and date.

Read on first use and kept; nothing is read at import. Sits between the nouns and the verbs, because parse,
decide, estimate and check all need the same rows and may not import each other. To add a size, a region or a
price, add a row; `sources.csv` names where each came from and when it was read.
"""
