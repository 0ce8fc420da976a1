# Left enabled when this is destroyed: others in the project may use them.
resource "google_project_service" "this" {
  for_each = toset(concat(
    [
      "artifactregistry.googleapis.com", # the functions' images
      "cloudbuild.googleapis.com",       # makes them
      "cloudfunctions.googleapis.com",
      "cloudresourcemanager.googleapis.com", # Terraform itself: the project and its grants
      "cloudscheduler.googleapis.com",
      "clouderrorreporting.googleapis.com",
      "earthengine.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com", # what a function of the 2nd generation runs on
      "storage.googleapis.com",
    ],
    var.billing_account == null ? [] : ["billingbudgets.googleapis.com"],
    var.eecu_quota == null ? [] : ["cloudquotas.googleapis.com"],
    var.feed_keys_secret == null ? [] : ["secretmanager.googleapis.com"],
    var.kms_key_name == null ? [] : ["cloudkms.googleapis.com"],
  ))

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false
}

# An API that was just switched on may answer for a minute or so that it is off. Paid once: the trigger is
# which APIs there are, so that neither a further apply nor a change of anything else waits again.
resource "time_sleep" "apis" {
  create_duration = "90s"
  triggers        = { for name, api in google_project_service.this : name => api.id }
}
