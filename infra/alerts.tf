locals {
  # The log-based metrics that alerts read: each must be here, for they wait for these (metrics.tf).
  alerted = merge(
    { for key in ["feed_overdue", "oldest_start_age", "oldest_unsent_age", "regions_broken", "regions_ticks", "tasks_ended", "ticks", "watches_changed", "watches_ticks"] : key => google_logging_metric.this[key].id },
    { errors = google_logging_metric.errors.id },
  )
  metric = {
    for key in keys(local.alerted) :
    key => "metric.type=\"logging.googleapis.com/user/${local.name}/${key}\" AND resource.type=\"cloud_run_revision\""
  }
  subscription = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match(\"${local.name}-(requests|alerts|commands)"

  silence_advice = "Look at the job ${local.name}-poll-tasks in Cloud Scheduler, at whether its account may call the service (run.invoker), then at the function's errors. Exports go on in Earth Engine; the next tick takes up all that was missed."

  # Each fires when the aligned value, summed or at its highest over all series, is above the threshold
  # for `hold` seconds. `over` is the alignment period. `of` makes it a share of that.
  alerts = {
    dead_letters = {
      title  = "dead letters wait", severity = "ERROR"
      filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND ${local.subscription}-dead\")"
      of     = null, over = 300, align = "ALIGN_MAX", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "No function could take these messages in ${var.delivery_attempts} attempts. `s1ratio redrive` shows them and sends them again (commands: --subscription ${local.name}-commands-dead --topic ${local.name}-commands; alerts likewise); they are kept for ${var.dead_letter_retention_days} days."
    }
    backlog = {
      title  = "a message waits", severity = "WARNING"
      filter = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND ${local.subscription}-push\")"
      of     = null, over = 300, align = "ALIGN_MAX", reduce = "REDUCE_MAX", above = 3600, hold = 300
      advice = "The oldest message was not acknowledged for an hour: its function fails or cannot reach Firestore. Look at the function's errors."
    }
    stuck_tasks = {
      title  = "an export is stuck", severity = "WARNING"
      filter = local.metric["oldest_start_age"]
      of     = null, over = 3600, align = "ALIGN_PERCENTILE_99", reduce = "REDUCE_MAX", above = var.stuck_hours * 3600, hold = 0
      advice = "A task was started ${var.stuck_hours} hours ago and has not ended. Earth Engine's task page shows it by its description; `s1ratio cancel` ends it."
    }
    unsent_events = {
      title  = "events are not published", severity = "WARNING"
      filter = local.metric["oldest_unsent_age"]
      of     = null, over = 900, align = "ALIGN_PERCENTILE_99", reduce = "REDUCE_MAX", above = 900, hold = 0
      advice = "An event has waited for a quarter of an hour. The log lines `trouble` of the functions say why Pub/Sub does not take it: look at the topic ${local.name}-events, and at who may publish there. None is lost: the poller publishes all of them, in order, once it can."
    }
    failures = {
      title  = "exports fail", severity = "ERROR"
      filter = "${local.metric["tasks_ended"]} AND metric.labels.state=\"FAILED\""
      of     = local.metric["tasks_ended"], over = 21600, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = var.failure_ratio, hold = 0
      advice = "Of the tasks that ended in 6 hours, more than ${var.failure_ratio * 100} % failed. The log lines `task.ended` say of what (error_class, error)."
    }
    silent_feed = {
      title  = "a feed is silent", severity = "WARNING"
      filter = local.metric["feed_overdue"]
      of     = null, over = 900, align = "ALIGN_PERCENTILE_99", reduce = "REDUCE_MAX", above = 1, hold = 0
      advice = "A feed of alerts could not be fetched for as long as it may be silent (fetch.silent_after_h). The log lines `feed.fetched` say which, and why; `s1ratio feeds list` shows when each succeeded last."
    }
    errors = {
      title  = "a function fails", severity = "ERROR"
      filter = local.metric["errors"]
      of     = null, over = 300, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "Error Reporting groups them by their stack."
    }
    regions = {
      title  = "a region is broken", severity = "WARNING"
      filter = local.metric["regions_broken"]
      of     = null, over = 300, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "It makes no requests any more. `s1ratio regions show` says why; put its file right and apply it, or `s1ratio regions resume` it."
    }
    watches = {
      title  = "a watch missed its pass", severity = "WARNING"
      filter = "${local.metric["watches_changed"]} AND metric.labels.state=\"MISSED\""
      of     = null, over = 300, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "A pass over an incident did not come, or its pair is not VERIFIED. `s1ratio why` with the incident's id says which and why; it is looked for until the incident ends."
    }
    eecu = {
      title  = "Earth Engine works much", severity = "WARNING"
      filter = "metric.type=\"earthengine.googleapis.com/project/cpu/usage_time\" AND resource.type=\"earthengine.googleapis.com/Project\""
      of     = null, over = 86400, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = var.eecu_alert_hours * 3600, hold = 0
      advice = "The project used more than ${var.eecu_alert_hours} EECU-hours in a day, whoever used them. `settings.max_request_eecu_s` and `max_tasks_day` limit this service, `eecu_quota` the project."
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alert_emails)

  display_name = "${local.name}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "this" {
  for_each = local.alerts

  display_name          = "${local.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "${each.value.hold}s"

      aggregations {
        alignment_period     = "${each.value.over}s"
        per_series_aligner   = each.value.align
        cross_series_reducer = each.value.reduce
      }

      denominator_filter = each.value.of

      dynamic "denominator_aggregations" {
        for_each = each.value.of[*]
        content {
          alignment_period     = "${each.value.over}s"
          per_series_aligner   = each.value.align
          cross_series_reducer = each.value.reduce
        }
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content = each.value.advice
  }

  depends_on = [time_sleep.metrics]
}

# Nothing follows the exports any more: the one fault that shows itself by silence.
resource "google_monitoring_alert_policy" "silence" {
  display_name          = "${local.name}: the poller is silent"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  conditions {
    display_name = "no tick"

    condition_absent {
      filter   = local.metric["ticks"]
      duration = "${var.silence_minutes * 60}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content = "No tick was done for ${var.silence_minutes} minutes. ${local.silence_advice}"
  }

  depends_on = [time_sleep.metrics]
}

# The one above says nothing where no tick was ever done: absence is known only after a first point. This one
# asks for a call that succeeded, and has an answer where there is no series at all. It is a policy of its
# own, for one with PromQL may have no second condition. It looks back as far as it then waits: a new
# deployment has `silence_minutes` for its first tick.
resource "google_monitoring_alert_policy" "uncalled" {
  display_name          = "${local.name}: the poller is not called"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  conditions {
    display_name = "no call that succeeded"

    condition_prometheus_query_language {
      query = format(
        "absent_over_time(run_googleapis_com:request_count{%s}[${var.silence_minutes}m])",
        join(",", [
          "monitored_resource=\"cloud_run_revision\"",
          "location=\"${var.region}\"",
          "service_name=\"${local.name}-poll-tasks\"",
          "response_code_class=\"2xx\"",
        ]),
      )
      duration            = "${var.silence_minutes * 60}s"
      evaluation_interval = "60s"

      # In a new project no service ever wrote the metric, and the policy would be refused for that.
      disable_metric_validation = true
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content = "Nothing called the poller, or no call was let in, for twice ${var.silence_minutes} minutes, or since it was deployed. ${local.silence_advice}"
  }

  depends_on = [time_sleep.apis]
}
