locals {
  metric = {
    for key in concat(keys(google_logging_metric.this), ["errors"]) :
    key => "metric.type=\"logging.googleapis.com/user/${local.name}/${key}\" AND resource.type=\"cloud_run_revision\""
  }
  subscription = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match(\"${local.name}-(requests|alerts)"

  # Each fires when the aligned value, summed or at its highest over all series, is above the threshold
  # for `hold` seconds. `over` is the alignment period. `of` makes it a share of that.
  alerts = {
    dead_letters = {
      title  = "dead letters wait", severity = "ERROR"
      filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND ${local.subscription}-dead\")"
      of     = null, over = 300, align = "ALIGN_MAX", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "No function could take these messages in ${var.delivery_attempts} attempts. `s1ratio redrive` shows them and sends them again; they are kept for ${var.dead_letter_retention_days} days."
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
    failures = {
      title  = "exports fail", severity = "ERROR"
      filter = "${local.metric["tasks_ended"]} AND metric.labels.state=\"FAILED\""
      of     = local.metric["tasks_ended"], over = 21600, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = var.failure_ratio, hold = 0
      advice = "Of the tasks that ended in 6 hours, more than ${var.failure_ratio * 100} % failed. The log lines `task.ended` say of what (error_class, error)."
    }
    errors = {
      title  = "a function fails", severity = "ERROR"
      filter = local.metric["errors"]
      of     = null, over = 300, align = "ALIGN_DELTA", reduce = "REDUCE_SUM", above = 0, hold = 0
      advice = "Error Reporting groups them by their stack."
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

  depends_on = [google_project_service.this]
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

  depends_on = [google_logging_metric.this, google_logging_metric.errors]
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
    content = "No tick was done for ${var.silence_minutes} minutes. Look at the job ${local.name}-poll-tasks in Cloud Scheduler, then at the function's errors. Exports go on in Earth Engine; the next tick takes up all that was missed."
  }
}
