"""Azure's public price list, the Retail Prices API: asked for one region in one currency, read to its end, or not at
all.

`client.PriceListClient` touches the network and nothing else does; `queries` says what is asked, `meters` which rows of
an answer are a price of ours. What no meter of exactly the right kind names is left out: the estimate then takes the
bundled table's and says so. A list that was cut off, that speaks another currency or that does not end raises
PriceListFailed and gives no figure at all, for half a list would be taken for a whole one.

`double` speaks the same wire over HTTPS on this machine, with figures of the bundled tables and every trap that is
known of the real one; it serves the tests, and whoever wants to see live prices without a network.

The API: learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices, read 2026-11-22.
"""
