# Ways in that fall silent: beside the poller (alerts.tf) the functions that a schedule calls. Alerts and
# regions wait meanwhile, and nothing else tells of it.
locals {
  # What each of them brings on; the metric of its ticks, null where it has none of its own.
  ways_in = {
    for name, way in {
      fetch_alerts    = { title = "feeds are not fetched", metric = null }
      refresh_regions = { title = "regions are not refreshed", metric = "regions_ticks" }
      watch_incidents = { title = "incidents are not watched", metric = "watches_ticks" }
    } : name => way
    if contains(keys(local.functions), name)
  }

  way_advice = {
    for name in keys(local.ways_in) :
    name => "Look at the job ${local.name}-${replace(name, "_", "-")} in Cloud Scheduler, at whether its account may call the service (run.invoker), then at the function's errors. What is due waits; the next tick takes up what was missed."
  }
}

# A tick that was not done: called all the same, it may fail, or another one may hold its lease for ever.
resource "google_monitoring_alert_policy" "no_tick" {
  for_each = { for name, way in local.ways_in : name => way if way.metric != null }

  display_name          = "${local.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  conditions {
    display_name = "no tick"

    condition_absent {
      filter   = local.metric[each.value.metric]
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
    content = "No tick was done for ${var.silence_minutes} minutes. ${local.way_advice[each.key]}"
  }

  depends_on = [time_sleep.metrics]
}

# The one above needs a first tick after it was made; this one asks for calls that succeeded, and needs none.
resource "google_monitoring_alert_policy" "not_called" {
  for_each = local.ways_in

  display_name          = "${local.name}: ${each.value.title}: no call"
  combiner              = "OR"
  severity              = "ERROR"
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
          "service_name=\"${local.name}-${replace(each.key, "_", "-")}\"",
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
    content = "Nothing called it, or no call was let in, for twice ${var.silence_minutes} minutes, or since it was deployed. ${local.way_advice[each.key]}"
  }

  depends_on = [time_sleep.apis]
}
