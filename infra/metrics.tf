# Log-based metrics: what the functions' log lines say, counted. Events and fields are those of
# shared/s1ratio/logevents.py; a test holds the two together.
locals {
  # The Cloud Run services under our functions, and no other's whose name begins like ours.
  services = join("|", [for name in keys(local.catalogue) : replace(name, "_", "-")])
  lines    = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${local.name}-(${local.services})$\""

  # events: the lines; value: a field, whose distribution is kept (else lines are counted); labels: fields.
  metrics = {
    active_tasks      = { events = ["tick"], value = "active", unit = "1", labels = [], description = "Tasks that take room in Earth Engine's queue" }
    commands_ended    = { events = ["command.applied", "command.refused"], value = null, unit = "1", labels = ["kind", "state"], description = "Commands by what they wanted and how they ended" }
    eecu_seconds      = { events = ["task.ended", "task.retried"], value = "eecu_seconds", unit = "s", labels = [], description = "EECU-seconds that an attempt spent" }
    feed_overdue      = { events = ["feed.fetched"], value = "overdue", unit = "1", labels = ["feed"], description = "How many times as long as it may be a feed has been silent" }
    oldest_start_age  = { events = ["tick"], value = "oldest_start_age_s", unit = "s", labels = [], description = "Age of the oldest start among the active tasks" }
    oldest_unsent_age = { events = ["tick"], value = "oldest_unsent_age_s", unit = "s", labels = [], description = "How long the oldest event has waited to be published" }
    planned_tasks     = { events = ["tick"], value = "planned", unit = "1", labels = [], description = "Tasks that wait for their start" }
    regions_broken    = { events = ["region.broken"], value = null, unit = "1", labels = [], description = "Regions that can't go on" }
    regions_requested = { events = ["refresh.published"], value = null, unit = "1", labels = [], description = "Requests that regions published" }
    regions_ticks     = { events = ["regions.tick"], value = null, unit = "1", labels = [], description = "Ticks of the regions that were done" }
    rejections        = { events = ["message.rejected"], value = null, unit = "1", labels = ["code"], description = "Messages that can't become requests" }
    requests_ended    = { events = ["request.ended"], value = null, unit = "1", labels = ["state"], description = "Requests by how they ended" }
    requests_launched = { events = ["request.launched"], value = null, unit = "1", labels = ["state"], description = "Messages taken in" }
    retries           = { events = ["task.retried"], value = null, unit = "1", labels = ["error_class"], description = "Attempts that are made again" }
    strangers         = { events = ["strangers"], value = null, unit = "1", labels = [], description = "Reports of operations in our name that no task names" }
    tasks_ended       = { events = ["task.ended"], value = null, unit = "1", labels = ["state", "error_class"], description = "Tasks by how they ended" }
    tick_seconds      = { events = ["tick"], value = "duration_s", unit = "s", labels = [], description = "How long a tick works" }
    ticks             = { events = ["tick"], value = null, unit = "1", labels = [], description = "Ticks of the poller that were done" }
    troubles          = { events = ["trouble"], value = null, unit = "1", labels = ["error_class"], description = "What went wrong and is tried again" }
    watches_changed   = { events = ["watch.changed"], value = null, unit = "1", labels = ["state"], description = "Watches of incidents by the state that they came to" }
    watches_ticks     = { events = ["watches.tick"], value = null, unit = "1", labels = [], description = "Ticks of the watches that were done" }
  }
}

resource "google_logging_metric" "this" {
  for_each = local.metrics

  name            = "${local.name}/${each.key}"
  description     = each.value.description
  filter          = "${local.lines} AND jsonPayload.event=(${join(" OR ", [for event in each.value.events : "\"${event}\""])})"
  value_extractor = each.value.value == null ? null : "EXTRACT(jsonPayload.${each.value.value})"

  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  dynamic "bucket_options" { # 10 % apart, up to 16 million: ages of days, EECU-seconds of months
    for_each = each.value.value[*]
    content {
      exponential_buckets {
        num_finite_buckets = 174
        growth_factor      = 1.1
        scale              = 1
      }
    }
  }

  depends_on = [time_sleep.apis]
}

# What no line of ours says: an exception that nobody caught, a container that died.
resource "google_logging_metric" "errors" {
  name             = "${local.name}/errors"
  description      = "Log lines of severity ERROR or worse, by function"
  filter           = "${local.lines} AND severity>=ERROR"
  label_extractors = { function = "EXTRACT(resource.labels.service_name)" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key        = "function"
      value_type = "STRING"
    }
  }

  depends_on = [time_sleep.apis]
}

# An alert on a metric that was just made is refused ("Cannot find metric(s) ... up to 10 minutes": provider
# issue #11102, still open in April 2026). That alerts come after metrics, which is cloud-foundation-fabric's
# remedy (#3739), orders the two calls and waits for nothing. Ten minutes are paid once, beside the functions'
# builds, and again only for a metric that is new: its id is the trigger.
resource "time_sleep" "metrics" {
  create_duration = "600s"
  triggers        = local.alerted
}
