# What is known only after an apply: made on mocks, whatever the providers are.

mock_provider "archive" {}
mock_provider "google-beta" {}
mock_provider "time" {} # the real one would wait
mock_provider "google" {
  alias = "charged"
}
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
  mock_resource "google_service_account" {
    defaults = {
      email  = "mocked@demo-project.iam.gserviceaccount.com"
      member = "serviceAccount:mocked@demo-project.iam.gserviceaccount.com"
    }
  }
}

variables {
  project_id  = "demo-project"
  source_root = "tests/source" # little files: the real ones take most of a run's time
  deployment  = "dev"
}

run "endpoints_and_outputs" {
  variables {
    alert_emails = ["ops@example.com"]
  }

  assert {
    condition     = alltrue([for policy in concat(values(google_monitoring_alert_policy.this), values(google_monitoring_alert_policy.no_tick), values(google_monitoring_alert_policy.not_called), [google_monitoring_alert_policy.silence, google_monitoring_alert_policy.uncalled]) : policy.notification_channels == tolist([google_monitoring_notification_channel.email["ops@example.com"].id])])
    error_message = "Every alert tells somebody."
  }

  assert {
    condition     = one(google_pubsub_subscription.push["launch_exports"].push_config).push_endpoint == "${output.functions.launch_exports}/projects/demo-project/topics/s1r-dev-requests"
    error_message = "The path names the topic, or functions-framework does not know whose message it is."
  }
  assert {
    condition     = one(one(google_pubsub_subscription.push["launch_exports"].push_config).oidc_token).audience == output.functions.launch_exports
    error_message = "The token is for the service, without a path."
  }
  assert {
    condition     = one(google_cloud_scheduler_job.this["poll_tasks"].http_target).uri == output.functions.poll_tasks && one(one(google_cloud_scheduler_job.this["poll_tasks"].http_target).oidc_token).audience == output.functions.poll_tasks
    error_message = "Scheduler calls the poller, with a token for it."
  }

  assert {
    condition     = time_sleep.metrics.triggers == tomap({ for key in ["errors", "feed_overdue", "oldest_start_age", "oldest_unsent_age", "regions_broken", "regions_ticks", "tasks_ended", "ticks", "watches_changed", "watches_ticks"] : key => key == "errors" ? google_logging_metric.errors.id : google_logging_metric.this[key].id })
    error_message = "The wait for metrics is paid once: again only where a metric is new."
  }
  assert {
    condition     = time_sleep.apis.triggers == tomap({ for name, api in google_project_service.this : name => api.id })
    error_message = "The wait for APIs is paid once: again only where an API is new."
  }
  assert {
    condition     = toset(keys(time_sleep.build_grants.triggers)) == toset(["build roles/logging.logWriter", "build roles/storage.objectViewer", "images"])
    error_message = "The wait for the builders' grants is paid once: again only where a grant of theirs is new."
  }

  assert {
    condition     = output.requests_topic == "projects/demo-project/topics/s1r-dev-requests" && output.dead_letter_subscription == "s1r-dev-requests-dead"
    error_message = "Where to publish, and where to look for what failed."
  }
  assert {
    condition     = output.exports_bucket == "demo-project-s1r-dev-exports" && output.firestore_database == "s1ratio-dev" && output.deployment == "dev"
    error_message = "Where the results are."
  }
}

