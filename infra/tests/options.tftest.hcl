# Each option, and what it brings.

variables {
  project_id  = "demo-project"
  source_root = "tests/source" # little files: the real ones take most of a run's time
  deployment  = "prod"
}

override_data {
  target = data.google_project.this
  values = { number = "123456789012" }
}

override_data {
  target = data.google_storage_project_service_account.this
  values = { member = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com" }
}

run "pipeline" {
  command = plan

  variables {
    pipeline = {
      repository   = "projects/demo-project/locations/us-central1/connections/c/repositories/r"
      state_bucket = "demo-project-state"
      var_file     = "env/prod.tfvars"
    }
  }

  assert {
    condition     = google_cloudbuild_trigger.this["plan"].substitutions._APPLY == "false" && !one(google_cloudbuild_trigger.this["plan"].approval_config).approval_required
    error_message = "A commit is planned at once."
  }
  assert {
    condition     = google_cloudbuild_trigger.this["apply"].substitutions._APPLY == "true" && one(google_cloudbuild_trigger.this["apply"].approval_config).approval_required
    error_message = "Nothing is applied without approval."
  }
  assert {
    condition     = one(one(google_cloudbuild_trigger.this["plan"].repository_event_config).push).branch == "^main$" && google_cloudbuild_trigger.this["plan"].filename == "cloudbuild.yaml"
    error_message = "A push is planned."
  }
  assert {
    condition     = length(google_cloudbuild_trigger.this["apply"].repository_event_config) == 0 && one(google_cloudbuild_trigger.this["apply"].git_file_source).path == "cloudbuild.yaml" && one(google_cloudbuild_trigger.this["apply"].git_file_source).revision == "refs/heads/main" && one(google_cloudbuild_trigger.this["apply"].source_to_build).ref == "refs/heads/main"
    error_message = "What is applied is named by whoever runs the trigger: no push does."
  }
  assert {
    condition     = alltrue([for key, trigger in google_cloudbuild_trigger.this : trigger.service_account == "projects/demo-project/serviceAccounts/s1r-prod-${key}@demo-project.iam.gserviceaccount.com"])
    error_message = "Both run the one file, each as its own account."
  }
  assert {
    condition     = strcontains(one(google_project_iam_member.this["apply roles/resourcemanager.projectIamAdmin"].condition).expression, "hasOnly([\"roles/datastore.user\"")
    error_message = "The pipeline can grant what functions need, and nothing to itself."
  }
  assert {
    condition     = google_storage_bucket_iam_member.state[0].role == "roles/storage.objectViewer"
    error_message = "A plan reads the state."
  }
  assert {
    condition     = toset([for grant in google_storage_bucket_iam_member.this : grant.role if endswith(grant.member, "s1r-prod-plan@demo-project.iam.gserviceaccount.com") && length(grant.condition) == 1]) == toset(["roles/storage.objectCreator"])
    error_message = "Who plans stores plans, and writes over none."
  }
}

run "watched_costs" {
  command = plan

  variables {
    alert_emails    = ["ops@example.com"]
    billing_account = "012345-6789AB-CDEF01"
    budget_amount   = 250
    eecu_quota      = { id = "AnId", seconds_per_day = 86400 }
  }

  assert {
    condition     = one(one(google_billing_budget.this[0].amount).specified_amount).units == "250" && length(google_billing_budget.this[0].threshold_rules) == 4
    error_message = "A budget that tells at half, nearly, all and soon all."
  }
  assert {
    condition     = one(one(google_billing_budget.this[0].budget_filter).projects) == "projects/123456789012"
    error_message = "Of this project, not of all that the account pays for."
  }
  assert {
    condition     = one(google_cloud_quotas_quota_preference.eecu[0].quota_config).preferred_value == "86400" && google_cloud_quotas_quota_preference.eecu[0].service == "earthengine.googleapis.com" && google_cloud_quotas_quota_preference.eecu[0].quota_id == "AnId"
    error_message = "A limit on Earth Engine's work."
  }
  assert {
    condition     = google_monitoring_notification_channel.email["ops@example.com"].labels.email_address == "ops@example.com"
    error_message = "Somebody is told."
  }
  assert {
    condition     = contains(keys(google_project_service.this), "billingbudgets.googleapis.com") && contains(keys(google_project_service.this), "cloudquotas.googleapis.com")
    error_message = "With their APIs."
  }
}

run "own_key" {
  command = plan

  variables {
    kms_key_name = "projects/demo-project/locations/us/keyRings/ring/cryptoKeys/key"
  }

  assert {
    condition     = one(google_storage_bucket.exports.encryption).default_kms_key_name == "projects/demo-project/locations/us/keyRings/ring/cryptoKeys/key"
    error_message = "The exports are encrypted with it."
  }
  assert {
    condition     = google_kms_crypto_key_iam_member.storage[0].member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "Storage may use it."
  }
}

run "people" {
  command = plan

  variables {
    alert_publishers   = ["serviceAccount:monitoring@example.iam.gserviceaccount.com"]
    command_publishers = ["group:operators@example.com"]
    event_subscribers  = ["group:listeners@example.com"]
    export_readers     = ["group:readers@example.com"]
    status_readers     = ["group:operators@example.com"]
    publishers         = ["user:somebody@example.com", "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/group/g"]
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker["status_page group:operators@example.com"].name == "s1r-prod-status-page"
    error_message = "Readers may open the status page."
  }
  assert {
    condition     = toset([for grant in google_pubsub_topic_iam_member.this : grant.member if grant.topic == "s1r-prod-requests" && !startswith(grant.member, "serviceAccount:s1r-")]) == toset(var.publishers)
    error_message = "Publishers may publish requests."
  }
  assert {
    condition     = [for grant in google_pubsub_topic_iam_member.this : grant.member if grant.topic == "s1r-prod-commands" && !startswith(grant.member, "serviceAccount:s1r-prod-status@")] == ["group:operators@example.com"]
    error_message = "Who may publish commands, and beside them the status page alone, may do so."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.this["events group:listeners@example.com roles/pubsub.subscriber"].topic == "s1r-prod-events"
    error_message = "Listeners may attach to the events."
  }
  assert {
    condition     = google_storage_bucket_iam_member.this["exports group:readers@example.com roles/storage.objectViewer"].bucket == "demo-project-s1r-prod-exports"
    error_message = "Readers may read the exports."
  }
}

run "shorter_lives" {
  command = plan

  variables {
    deletion_protection    = false
    exports_retention_days = 30
    exports_versioning     = false
    point_in_time_recovery = false
  }

  assert {
    condition     = length([for rule in google_storage_bucket.exports.lifecycle_rule : rule if one(rule.condition).age == 30 && one(rule.condition).matches_prefix == null && one(rule.action).type == "Delete"]) == 1
    error_message = "Exports go after 30 days."
  }
  assert {
    condition     = google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_DISABLED" && google_firestore_database.this.deletion_policy == "DELETE"
    error_message = "A teardown takes the database along."
  }
}

run "settings" {
  command = plan

  variables {
    settings = { allow_drive = true, max_area_km2 = 12.5, launch_budget_s = 300, tick_budget_s = 500 }
  }

  assert {
    condition     = local.environment.S1RATIO_ALLOW_DRIVE == "1" && local.environment.S1RATIO_MAX_AREA_KM2 == "12.5" && local.environment.S1RATIO_MAX_TASK_PIXELS == "10000000000"
    error_message = "Flags and numbers are written as settings.py reads them."
  }
  assert {
    condition     = google_pubsub_subscription.push["launch_exports"].ack_deadline_seconds == 600 && google_cloud_scheduler_job.this["poll_tasks"].attempt_deadline == "560s"
    error_message = "Deadlines follow from the budgets."
  }
}
