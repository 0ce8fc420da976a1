# Others depend on it: what was lost can be had back.
deployment             = "prod"
region                 = "us-central1"
backup_retention_days  = 14
deletion_protection    = true
exports_retention_days = null
exports_versioning     = true
point_in_time_recovery = true
soft_delete_days       = 7
eecu_alert_hours       = 24
require_guards         = true # alert_emails and eecu_quota are yours to set: a plan without them is refused
