# dashboard.json is whole JSON, to be edited in the console and pasted back; $${name} is this deployment.
resource "google_monitoring_dashboard" "this" {
  dashboard_json = templatefile("${path.module}/dashboard.json", { name = local.name })

  depends_on = [google_logging_metric.this, google_logging_metric.errors]
}
