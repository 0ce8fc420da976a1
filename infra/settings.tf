# The functions' environment. A setting is one line in `settings` (variables.tf); only what the
# deployment itself decides is written here.
locals {
  environment = merge(
    {
      S1RATIO_PROJECT        = var.project_id
      S1RATIO_BUCKET         = google_storage_bucket.exports.name
      S1RATIO_COMMANDS_TOPIC = local.topic_ids["commands"].live
      S1RATIO_DEPLOYMENT     = var.deployment
      S1RATIO_DATABASE       = google_firestore_database.this.name
      S1RATIO_EVENTS_TOPIC   = local.topic_ids["events"].live
      S1RATIO_STORE          = "firestore"
      # S1RATIO_EE_URL, S1RATIO_PUSH_URL and S1RATIO_SYNTHETIC are never set here: the real services are the
      # defaults, and their scenes are not invented.
    },
    {
      for name, value in var.settings : "S1RATIO_${upper(name)}" =>
      try(tobool(value), null) == null ? tostring(value) : tobool(value) ? "1" : "0"
    },
  )
}
