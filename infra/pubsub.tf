locals {
  topics = {
    requests = "Areas of interest: each message becomes composites."
    alerts   = "Monitoring alerts: each is recorded."
    commands = "Commands: cancel, retry, raise, pause, resume, run, silence."
    events   = "What became of requests, tasks, regions and incidents, as CloudEvents."
  }

  # A subscription of our own for each function that is pushed to: a trigger of Eventarc's offers
  # neither a dead letter nor an ack deadline, and discards after a day.
  pushed = { for name, function in local.functions : name => function if function.topic != null }

  # Of names rather than the topics' `id`, so that a plan shows what is attached to what.
  topic_ids = {
    for key, topic in google_pubsub_topic.this : key => {
      live = "projects/${var.project_id}/topics/${topic.name}"
      dead = try("projects/${var.project_id}/topics/${google_pubsub_topic.dead[key].name}", null)
    }
  }

  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_project_service_identity" "pubsub" {
  provider = google-beta

  project = var.project_id
  service = "pubsub.googleapis.com"

  depends_on = [time_sleep.apis]
}

# No schema on any of them: what Avro and protobuf could say of a request is on infra/README.md, and an event's
# type, which says what its data is, is an attribute, which no schema of a topic looks at.
resource "google_pubsub_topic" "this" {
  for_each = local.topics

  name = "${local.name}-${each.key}"

  # Who subscribes to events may be new, or have lost some: a subscription can seek back so far.
  message_retention_duration = each.key == "events" ? "${7 * 86400}s" : null

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic" "dead" {
  for_each = toset(["requests", "alerts", "commands"])

  name = "${local.name}-${each.key}-dead"

  depends_on = [time_sleep.apis]
}

# Without it a dead letter would be lost: a topic keeps nothing that nobody subscribed to.
resource "google_pubsub_subscription" "dead" {
  for_each = google_pubsub_topic.dead

  name                       = each.value.name
  topic                      = local.topic_ids[each.key].dead
  ack_deadline_seconds       = 60
  message_retention_duration = "${var.dead_letter_retention_days * 86400}s"

  expiration_policy {
    ttl = "" # never, however long nobody reads it
  }
}

resource "google_pubsub_subscription" "push" {
  for_each = local.pushed

  name                       = "${local.name}-${each.value.topic}-push"
  topic                      = local.topic_ids[each.value.topic].live
  ack_deadline_seconds       = each.value.service.timeout_s # as long as the function may take: no second delivery beside the first
  message_retention_duration = "${var.message_retention_days * 86400}s"

  push_config {
    # The path names the topic, or functions-framework would not know whose message it is.
    push_endpoint = "${module.function[each.key].uri}/${local.topic_ids[each.value.topic].live}"

    oidc_token {
      service_account_email = google_service_account.this["push"].email
      audience              = module.function[each.key].uri # else the path would be part of it
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = local.topic_ids[each.value.topic].dead
    max_delivery_attempts = var.delivery_attempts
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [
    google_pubsub_subscription.dead,
    google_pubsub_topic_iam_member.dead,
    google_service_account_iam_member.push,
    google_cloud_run_v2_service_iam_member.invoker,
  ]
}
