output "commands_topic" {
  description = "Publish commands here."
  value       = local.topic_ids["commands"].live
}

output "dead_letter_subscription" {
  description = "Where requests wait that no function could take."
  value       = google_pubsub_subscription.dead["requests"].name
}

output "deployment" {
  description = "The deployment's name."
  value       = var.deployment
}

output "events_topic" {
  description = "The topic of events: subscribe here."
  value       = local.topic_ids["events"].live
}

output "exports_bucket" {
  description = "Where the files are."
  value       = google_storage_bucket.exports.name
}

output "firestore_database" {
  description = "The database of requests and tasks."
  value       = google_firestore_database.this.name
}

output "functions" {
  description = "Each function that is deployed, and where it is called."
  value       = { for name, function in module.function : name => function.uri }

  precondition {
    condition     = alltrue([for path in local.needed : fileexists("${local.root}/${path}")])
    error_message = "There is no ${join(", no ", [for path in local.needed : path if !fileexists("${local.root}/${path}")])} in ${local.root}: this plan would destroy functions that run, or deploy them broken. Run terraform in infra of a whole checkout, or name one with source_root."
  }
}

output "project_id" {
  description = "The project."
  value       = var.project_id
}

output "requests_topic" {
  description = "Publish requests here."
  value       = local.topic_ids["requests"].live
}

output "runner_service_account" {
  description = "Who starts exports: the account to register or give access to assets, if that is wanted."
  value       = google_service_account.this["runner"].email
}

output "source_bucket" {
  description = "Where the functions' zips and stored plans are."
  value       = google_storage_bucket.source.name
}
