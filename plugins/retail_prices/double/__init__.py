"""The price list's double: it speaks the Retail Prices API's wire over HTTPS on this machine.

`sheet` makes its rows from the bundled tables, beside the rows that mislead; `odata` reads the filters; `server`
answers page by page and can be told to fail in every way that the real one, or a proxy before it, does.
"""
