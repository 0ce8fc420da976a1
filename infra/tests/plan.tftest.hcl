# What a plan of the least that must be given holds. Nothing is applied, and no cloud asked.

variables {
  project_id  = "demo-project"
  source_root = "tests/source" # little files: the real ones take most of a run's time
  deployment  = "dev"
}

override_data {
  target = data.google_project.this
  values = { number = "123456789012" }
}

run "functions" {
  command = plan

  variables {
    source_root = null
  }

  assert {
    condition     = toset(keys(module.function)) == toset([for path in fileset("../functions", "*/main.py") : dirname(path)])
    error_message = "Every function of the repository is deployed."
  }
  assert {
    condition     = alltrue([for name, function in module.function : can(regex("^s1r-dev-[a-z-]{1,48}$", function.name))])
    error_message = "A function's name is also a Cloud Run service's."
  }
  assert {
    condition     = alltrue([for name, bundle in module.bundle : bundle.files["main.py"] == "functions/${name}/main.py" && contains(keys(bundle.files), "s1ratio/settings.py")])
    error_message = "A zip holds main.py and, beside it, the package."
  }
  assert {
    condition     = alltrue(flatten([for bundle in module.bundle : [for path in keys(bundle.files) : !can(regex("^s1ratio/(embedded|cli)/|__pycache__|tests", path))]]))
    error_message = "Nothing in a zip that never runs in the cloud."
  }
  assert {
    condition     = local.functions.poll_tasks.service.instances == 1 && local.functions.poll_tasks.service.concurrency == 1
    error_message = "One tick at a time."
  }
  assert {
    condition     = local.functions.launch_exports.service.timeout_s == 240 && local.functions.poll_tasks.service.timeout_s == 300
    error_message = "A launch starts tasks for half of its time, a tick may begin one call at its end."
  }
  assert {
    condition     = alltrue([for name, function in local.catalogue : function.service.ingress == "ALLOW_INTERNAL_ONLY" || name == "status_page"])
    error_message = "Only the status page can be reached from the internet."
  }
  assert {
    condition     = length([for name, function in local.catalogue : name if function.account == "runner"]) == 2
    error_message = "launch_exports and poll_tasks, and nothing else, run as the account that starts exports."
  }
}

run "all_functions" {
  command = plan

  assert {
    condition     = toset(keys(module.function)) == toset(keys(local.catalogue))
    error_message = "A function is deployed as soon as its folder is there."
  }
  assert {
    condition     = toset(keys(google_pubsub_subscription.push)) == toset(["launch_exports", "record_alerts", "apply_commands"]) && toset(keys(google_cloud_scheduler_job.this)) == toset(["poll_tasks", "refresh_regions", "fetch_alerts", "watch_incidents"])
    error_message = "With its subscription or its schedule."
  }
  assert {
    condition     = toset(keys(google_service_account.this)) == toset(["runner", "push", "scheduler", "build", "refresh", "record", "fetch", "watch", "status", "command"])
    error_message = "With its account, and no account without a use."
  }
  assert {
    condition     = alltrue([for bundle in module.bundle : toset(keys(bundle.files)) == toset(["main.py", "requirements.txt", "s1ratio/settings.py"])])
    error_message = "A zip holds the function, the package and nothing else."
  }

  assert {
    condition     = toset([for topic in google_pubsub_topic.this : topic.name]) == toset(["s1r-dev-requests", "s1r-dev-alerts", "s1r-dev-commands", "s1r-dev-events"])
    error_message = "Three topics."
  }
  assert {
    condition     = google_pubsub_subscription.push["launch_exports"].topic == "projects/demo-project/topics/s1r-dev-requests"
    error_message = "Requests are pushed to launch_exports."
  }
  assert {
    condition     = google_pubsub_subscription.push["launch_exports"].ack_deadline_seconds == local.functions.launch_exports.service.timeout_s
    error_message = "No second delivery while the first may still be at work."
  }
  assert {
    condition     = one(google_pubsub_subscription.push["launch_exports"].dead_letter_policy).dead_letter_topic == "projects/demo-project/topics/s1r-dev-requests-dead" && one(google_pubsub_subscription.push["launch_exports"].dead_letter_policy).max_delivery_attempts == 30
    error_message = "A message that can't be taken becomes a dead letter."
  }
  assert {
    condition     = one(google_pubsub_subscription.push["launch_exports"].retry_policy).minimum_backoff == "10s" && one(google_pubsub_subscription.push["launch_exports"].retry_policy).maximum_backoff == "600s"
    error_message = "Redeliveries wait longer and longer."
  }
  assert {
    condition     = alltrue([for key, subscription in google_pubsub_subscription.dead : subscription.topic == "projects/demo-project/topics/s1r-dev-${key}-dead" && subscription.message_retention_duration == "1209600s"]) && length(google_pubsub_subscription.dead) == 3
    error_message = "Each dead-letter topic has a subscription that keeps them for two weeks."
  }
  assert {
    condition     = alltrue([for subscription in concat(values(google_pubsub_subscription.dead), values(google_pubsub_subscription.push)) : one(subscription.expiration_policy).ttl == ""])
    error_message = "No subscription goes because nobody used it."
  }
  assert {
    condition     = alltrue([for grant in google_pubsub_topic_iam_member.dead : grant.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com" && grant.role == "roles/pubsub.publisher"]) && length(google_pubsub_topic_iam_member.dead) == 3
    error_message = "Pub/Sub's agent may publish dead letters."
  }
  assert {
    condition     = google_pubsub_subscription_iam_member.dead["launch_exports"].role == "roles/pubsub.subscriber"
    error_message = "Pub/Sub's agent may take dead letters from the subscription."
  }

  assert {
    condition     = google_cloud_scheduler_job.this["poll_tasks"].schedule == "*/5 * * * *" && google_cloud_scheduler_job.this["poll_tasks"].time_zone == "Etc/UTC"
    error_message = "The poller is called every five minutes."
  }
  assert {
    condition     = google_cloud_scheduler_job.this["poll_tasks"].attempt_deadline == "300s"
    error_message = "Scheduler waits as long as a tick may take."
  }
  assert {
    condition     = one(one(google_cloud_scheduler_job.this["poll_tasks"].http_target).oidc_token).service_account_email == "s1r-dev-scheduler@demo-project.iam.gserviceaccount.com"
    error_message = "Scheduler calls as its own account."
  }
}

run "surroundings" {
  command = plan

  assert {
    condition     = alltrue([for bucket in [google_storage_bucket.exports, google_storage_bucket.source] : bucket.uniform_bucket_level_access && bucket.public_access_prevention == "enforced" && bucket.force_destroy == false])
    error_message = "No bucket can be made public, or destroyed while something is in it."
  }
  assert {
    condition     = google_storage_bucket.exports.name == "demo-project-s1r-dev-exports" && google_storage_bucket.exports.location == "US"
    error_message = "The exports' bucket, near Earth Engine."
  }
  assert {
    condition     = one(google_storage_bucket.exports.versioning).enabled && length(google_storage_bucket.exports.encryption) == 0
    error_message = "Overwritten exports are kept; Google's keys unless another is given."
  }
  assert {
    condition     = alltrue([for rule in google_storage_bucket.exports.lifecycle_rule : one(rule.condition).matches_prefix == tolist(["smoke/"]) if one(rule.condition).age != null && one(rule.action).type == "Delete"])
    error_message = "Exports are not deleted unless that was asked for."
  }
  assert {
    condition     = anytrue([for rule in google_storage_bucket.exports.lifecycle_rule : one(rule.condition).age == 30 && one(rule.condition).matches_prefix == tolist(["smoke/"]) && one(rule.action).type == "Delete"])
    error_message = "What smoke tests exported goes after a month."
  }
  assert {
    condition     = alltrue([for bucket in [google_storage_bucket.exports, google_storage_bucket.source] : length([for rule in bucket.lifecycle_rule : rule if one(rule.condition).days_since_noncurrent_time == 30 && one(rule.action).type == "Delete"]) == 1])
    error_message = "What was overwritten is kept for 30 days."
  }
  assert {
    condition     = length([for rule in google_storage_bucket.exports.lifecycle_rule : rule if one(rule.condition).age == 7 && one(rule.action).type == "AbortIncompleteMultipartUpload"]) == 1 && one(google_storage_bucket.source.versioning).enabled
    error_message = "Uploads that broke off cost nothing for long; a zip that was overwritten can be had back."
  }
  assert {
    condition     = toset([for policy in google_artifact_registry_repository.this.cleanup_policies : policy.action]) == toset(["DELETE", "KEEP"])
    error_message = "Old images go, the last of each stay."
  }
  assert {
    condition     = anytrue([for rule in google_storage_bucket.source.lifecycle_rule : one(rule.condition).age == 30 && contains(coalesce(one(rule.condition).matches_prefix, []), "plans/")])
    error_message = "Stored plans go after a month, zips in use don't."
  }

  assert {
    condition     = google_firestore_database.this.name == "s1ratio-dev" && google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "A database of its own, protected unless that was given up."
  }
  assert {
    condition     = google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED" && google_firestore_database.this.location_id == "us-central1"
    error_message = "Recoverable, and beside the functions."
  }
  assert {
    condition     = alltrue([for index in google_firestore_index.this : startswith(index.collection, "dev-") && index.database == "s1ratio-dev"])
    error_message = "Indexes are of this deployment's collections."
  }
  assert {
    condition     = length(google_firestore_index.this) == length(local.schema.indexes) && length([for field in google_firestore_field.this : field if length(field.ttl_config) == 1]) == length(local.schema.expiring)
    error_message = "Every index and every time to live of the store."
  }

  assert {
    condition     = length(google_cloudbuild_trigger.this) + length(google_billing_budget.this) + length(google_cloud_quotas_quota_preference.eecu) + length(google_kms_crypto_key_iam_member.storage) + length(google_monitoring_notification_channel.email) == 0
    error_message = "What was not asked for is not there."
  }
  assert {
    condition     = length([for service in google_project_service.this : service if service.disable_on_destroy]) == 0
    error_message = "A teardown disables no API that others may use."
  }

  assert {
    condition     = length(google_monitoring_alert_policy.this) == 10 && one(one(google_monitoring_alert_policy.silence.conditions).condition_absent).duration == "1800s"
    error_message = "Ten alerts by number, one by silence."
  }
  assert {
    condition     = length(google_monitoring_alert_policy.uncalled.conditions) == 1 && strcontains(one(one(google_monitoring_alert_policy.uncalled.conditions).condition_prometheus_query_language).query, "s1r-dev-poll-tasks")
    error_message = "One that needs no first tick."
  }
  assert {
    condition     = one(one(google_monitoring_alert_policy.this["dead_letters"].conditions).condition_threshold).threshold_value == 0
    error_message = "One dead letter is enough."
  }
}

# Another function is there, so that source_root's own rule is content.
run "without_the_poller" {
  command = plan

  variables {
    source_root = "tests/half"
  }

  expect_failures = [output.functions]
}
