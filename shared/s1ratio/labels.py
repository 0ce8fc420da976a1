"""Labels that the product itself gives to messages, and tells events by."""

REGION_LABEL, OWNER_LABEL = "region", "owner"
INCIDENT_LABEL = "incident"
WATCH_LABEL = "watch"
PAIR_LABEL = "pair"
ROLE_LABEL = "role"
OF_WATCHES = (INCIDENT_LABEL, WATCH_LABEL, PAIR_LABEL, ROLE_LABEL)
