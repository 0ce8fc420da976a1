"""Labels of a watch's requests, by which they tell what they belong to."""

INCIDENT_LABEL = "incident"
WATCH_LABEL = "watch"
PAIR_LABEL = "pair"
ROLE_LABEL = "role"
OWN_LABELS = (INCIDENT_LABEL, WATCH_LABEL, PAIR_LABEL, ROLE_LABEL)
