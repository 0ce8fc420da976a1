resource "google_cloud_scheduler_job" "this" {
  for_each = { for name, function in local.functions : name => function if function.schedule != null }

  name             = "${local.name}-${replace(each.key, "_", "-")}"
  description      = each.value.description
  region           = var.region
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.service.timeout_s}s"

  retry_config {
    retry_count = 0 # the next call comes soon enough, and does all that this one would have done
  }

  http_target {
    http_method = "POST"
    uri         = module.function[each.key].uri

    oidc_token {
      service_account_email = google_service_account.this["scheduler"].email
      audience              = module.function[each.key].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
