# A function of the 2nd generation, called by HTTP, from a bundle of files.

locals {
  slug = "${var.prefix}-${replace(var.entry_point, "_", "-")}"

  # A thread for each call: functions-framework's own default is four a processor, and a call that waits for
  # a thread uses up its time. (Two at least: with one gunicorn's worker is of another kind, which it kills.)
  environment = merge(var.environment, { THREADS = tostring(max(2, var.service.concurrency)) })
}

data "archive_file" "this" {
  type             = "zip"
  output_path      = "${path.root}/.build/${var.entry_point}.zip"
  output_file_mode = "0644"

  dynamic "source" {
    for_each = var.files
    content {
      filename = source.key
      content  = file("${var.root}/${source.value}")
    }
  }
}

# Named by what is in it: a new name is what makes Cloud Functions build again.
resource "google_storage_bucket_object" "this" {
  name   = "functions/${var.entry_point}-${substr(var.hash, 0, 32)}.zip"
  bucket = var.source_bucket
  source = data.archive_file.this.output_path

  lifecycle {
    create_before_destroy = true # should the function's update fail, what runs still has its source
  }
}

resource "google_cloudfunctions2_function" "this" {
  name        = local.slug
  location    = var.region
  description = var.description

  build_config {
    runtime           = "python313"
    entry_point       = var.entry_point
    service_account   = var.build_account
    docker_repository = var.docker_repository

    source {
      storage_source {
        bucket = google_storage_bucket_object.this.bucket
        object = google_storage_bucket_object.this.name
      }
    }
  }

  service_config {
    service_account_email            = var.runtime_account
    environment_variables            = local.environment
    ingress_settings                 = var.service.ingress
    available_memory                 = var.service.memory
    available_cpu                    = var.service.cpu
    timeout_seconds                  = var.service.timeout_s
    max_instance_request_concurrency = var.service.concurrency
    min_instance_count               = 0
    max_instance_count               = var.service.instances
    all_traffic_on_latest_revision   = true

    dynamic "secret_environment_variables" {
      for_each = var.secrets
      content {
        key        = secret_environment_variables.key
        project_id = var.project
        secret     = secret_environment_variables.value
        version    = "latest"
      }
    }
  }

  depends_on = [var.after]
}
