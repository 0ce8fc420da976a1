# Registering the project for Earth Engine is done by hand, once: see README.md. What is left is the
# API (apis.tf), the runner's roles (identities.tf), and this limit.
resource "google_cloud_quotas_quota_preference" "eecu" {
  provider = google.charged
  count    = length(var.eecu_quota[*])

  parent   = "projects/${var.project_id}"
  name     = "${local.name}-daily-eecu"
  service  = "earthengine.googleapis.com"
  quota_id = var.eecu_quota.id

  # From unlimited to any limit is a large step down, which is what was asked for.
  ignore_safety_checks = "QUOTA_DECREASE_PERCENTAGE_TOO_HIGH"

  quota_config {
    preferred_value = var.eecu_quota.seconds_per_day
  }

  depends_on = [time_sleep.apis]
}
