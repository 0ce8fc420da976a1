# To try things out: small limits, cheap to throw away.
deployment             = "dev"
region                 = "us-central1"
backup_retention_days  = null
deletion_protection    = false
exports_retention_days = 30
exports_versioning     = false
point_in_time_recovery = false
soft_delete_days       = 0
eecu_alert_hours       = 4

settings = {
  max_area_km2 = 25000
  max_tasks    = 50
  max_active   = 300
}
