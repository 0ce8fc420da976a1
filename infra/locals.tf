locals {
  name   = "s1r-${var.deployment}" # begins the name of whatever is made here
  labels = { app = "s1ratio", deployment = var.deployment }
  root   = coalesce(var.source_root, "${path.module}/..")

  # The only values that validations share. Regions: those of Cloud Functions; a new one is added here.
  regions = toset([
    "africa-south1",
    "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3",
    "asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2",
    "australia-southeast1", "australia-southeast2",
    "europe-central2", "europe-north1", "europe-southwest1", "europe-west1", "europe-west10",
    "europe-west12", "europe-west2", "europe-west3", "europe-west4", "europe-west6",
    "europe-west8", "europe-west9",
    "me-central1", "me-central2", "me-west1",
    "northamerica-northeast1", "northamerica-northeast2",
    "southamerica-east1", "southamerica-west1",
    "us-central1", "us-east1", "us-east4", "us-east5", "us-south1",
    "us-west1", "us-west2", "us-west3", "us-west4",
  ])
  multi_regions = toset(["ASIA", "EU", "US", "ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"])

  # unix-cron with numbers: minute, hour, day, month, weekday; lists, ranges and steps of each.
  cron_ranges = [
    "[0-5]?[0-9]", "([01]?[0-9]|2[0-3])", "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "[0-7]",
  ]
  cron_items = [for range in local.cron_ranges : "([*]|${range}(-${range})?)(/[1-9][0-9]*)?"]
  cron       = "^${join(" ", [for item in local.cron_items : "${item}(,${item})*"])}$"

  # Somebody in particular: never allUsers or allAuthenticatedUsers.
  member = "^(user|group|serviceAccount|domain):[^ :]+$|^principal(Set)?://[^ ]+$"
}

data "google_project" "this" {
  project_id = var.project_id
}
