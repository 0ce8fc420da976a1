"""Alerts of monitoring feeds, and what belongs together of them: pure, no call and no clock.

A feed (`feed`) says how a source is read, a rule (`rule`) what is made of its alerts. A delivery
is unwrapped (`unwrapping`) and read into items (`items`); each is judged by the rules (`judging`),
and what passes is placed in incidents (`grouping`). What an incident covers is in `covering`,
what revisions and cancellations do in `revising`; `reasons` has every answer to "why not?".
"""
