"""What every HTTP channel shares: `refusals` (how it says no), `throttle` (how much one sender may do) and `addresses`
(where a request comes from).
"""
