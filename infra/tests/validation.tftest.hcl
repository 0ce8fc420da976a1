# Wrong values are refused when planning, by the words of the variable: all of them in each run, for
# a run takes its time. tests/infra/test_validation.py looks for every message.

override_data {
  target = data.google_project.this
  values = { number = "123456789012" }
}

run "wrong" {
  command = plan

  variables {
    project_id                 = "My Project"
    deployment                 = "prod-eu"
    source_root                = "no/such/folder"
    region                     = "europe-west99"
    bucket_location            = "Europe"
    firestore_location         = "us"
    poll_schedule              = "every 5 minutes"
    refresh_schedule           = "0 25 * * *"
    publishers                 = ["allUsers"]
    alert_publishers           = ["allAuthenticatedUsers"]
    command_publishers         = ["allUsers"]
    event_subscribers          = ["allUsers"]
    export_readers             = ["allUsers"]
    status_readers             = ["allUsers"]
    alert_emails               = ["ops"]
    backup_retention_days      = 99
    billing_account            = "my account"
    budget_amount              = 0
    eecu_alert_hours           = 0
    eecu_quota                 = { id = "", seconds_per_day = 1 }
    failure_ratio              = 20
    silence_minutes            = 1
    stuck_hours                = 0
    feed_keys_secret           = "a/b"
    fetch_schedule             = "often"
    watch_schedule             = "often"
    kms_key_name               = "my-key"
    delivery_attempts          = 3
    message_retention_days     = 0
    dead_letter_retention_days = 0
    exports_retention_days     = 1
    pipeline                   = { repository = "github.com/o/r", state_bucket = "b", var_file = "env/dev.tfvars" }
    soft_delete_days           = 91
  }

  expect_failures = [
    var.project_id,
    var.deployment,
    var.region,
    var.bucket_location,
    var.firestore_location,
    var.poll_schedule,
    var.refresh_schedule,
    var.publishers,
    var.alert_publishers,
    var.command_publishers,
    var.event_subscribers,
    var.export_readers,
    var.status_readers,
    var.alert_emails,
    var.backup_retention_days,
    var.billing_account,
    var.budget_amount,
    var.eecu_alert_hours,
    var.eecu_quota,
    var.failure_ratio,
    var.silence_minutes,
    var.stuck_hours,
    var.feed_keys_secret,
    var.fetch_schedule,
    var.watch_schedule,
    var.kms_key_name,
    var.delivery_attempts,
    var.message_retention_days,
    var.dead_letter_retention_days,
    var.exports_retention_days,
    var.pipeline,
    var.soft_delete_days,
    var.source_root,
  ]
}

run "wrong_otherwise" {
  command = plan

  variables {
    project_id                 = "123456789012"
    deployment                 = "thirteenchars"
    source_root                = "tests/source"
    region                     = "us-central1-a"
    bucket_location            = "us"
    firestore_location         = "US"
    poll_schedule              = "61 * * * *"
    refresh_schedule           = "hourly"
    publishers                 = ["somebody@example.com"]
    budget_amount              = 1.5
    eecu_quota                 = { id = "AnId", seconds_per_day = 0 }
    failure_ratio              = 0
    silence_minutes            = 2000
    stuck_hours                = 1000
    delivery_attempts          = 101
    message_retention_days     = 40
    dead_letter_retention_days = 40
    pipeline                   = { repository = "projects/p/locations/l/connections/c/repositories/r", state_bucket = "b", var_file = "../x.tfvars" }
  }

  expect_failures = [
    var.project_id,
    var.deployment,
    var.region,
    var.bucket_location,
    var.firestore_location,
    var.poll_schedule,
    var.refresh_schedule,
    var.publishers,
    var.budget_amount,
    var.eecu_quota,
    var.failure_ratio,
    var.silence_minutes,
    var.stuck_hours,
    var.delivery_attempts,
    var.message_retention_days,
    var.dead_letter_retention_days,
    var.pipeline,
  ]
}

run "wrong_in_a_third_way" {
  command = plan

  variables {
    project_id        = "demo-project"
    deployment        = "dev"
    source_root       = "tests/source"
    poll_schedule     = "0 */5 * * * *"
    silence_minutes   = 7.5
    soft_delete_days  = -7
    pipeline          = { repository = "projects/p/locations/l/connections/c/repositories/r", state_bucket = "b", var_file = "env/dev.tfvars", branch = "^release/.*$" }
    publishers        = ["user:a@example.com", "allAuthenticatedUsers"]
    delivery_attempts = 7.5
    settings          = { start_lease_s = 60 }
  }

  expect_failures = [
    var.poll_schedule,
    var.pipeline,
    var.publishers,
    var.silence_minutes,
    var.soft_delete_days,
    var.delivery_attempts,
    var.settings,
  ]
}
