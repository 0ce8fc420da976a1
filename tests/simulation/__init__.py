"""Random schedules: the services that ship, in a simulated world where everything goes wrong.

A seed decides all of it: who runs when, what breaks, who is killed at which call. `run.py` lives a
schedule through, `invariants.py` says what must hold, and a failure is told with its trace.
"""
