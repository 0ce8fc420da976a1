"""Events: what is told to the world of a record's change, as a CloudEvent; pure.

| module | what is in it |
|---|---|
| `kinds` | the types of events |
| `data` | what each type says, as models: their JSON Schemas are the contract |
| `of_requests`, `of_regions`, `of_incidents` | the event of a change, to be committed with it |
| `teller` | who tells of it, and when |
| `cloud_event` | an event as a CloudEvent 1.0 in a Pub/Sub message, binary mode |
| `schemas`, `asyncapi` | JSON Schemas of the data, and the topic in the AsyncAPI document |
"""
