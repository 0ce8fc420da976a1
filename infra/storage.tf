resource "google_storage_bucket" "exports" {
  name                        = "${var.project_id}-${local.name}-exports"
  location                    = var.bucket_location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  versioning {
    enabled = var.exports_versioning
  }

  soft_delete_policy { # paid for like what is there: see Costs in README.md
    retention_duration_seconds = var.soft_delete_days * 86400
  }

  dynamic "encryption" {
    for_each = var.kms_key_name[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.exports_retention_days[*]
    content {
      condition {
        age = lifecycle_rule.value
      }
      action {
        type = "Delete"
      }
    }
  }

  lifecycle_rule { # of the pipeline's smoke test: one request at every apply
    condition {
      age            = 30
      matches_prefix = ["smoke/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule { # what was overwritten; does nothing without versioning
    condition {
      days_since_noncurrent_time = 30
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule { # parts of uploads that broke off cost, and show nowhere
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [time_sleep.apis, google_kms_crypto_key_iam_member.storage]
}

# The functions' zips, and what the pipeline planned and has not applied yet.
resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-${local.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  versioning {
    enabled = true
  }

  soft_delete_policy { # paid for like what is there: see Costs in README.md
    retention_duration_seconds = var.soft_delete_days * 86400
  }

  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 30
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age            = 30
      matches_prefix = ["plans/"]
    }
    action {
      type = "Delete"
    }
  }

  depends_on = [time_sleep.apis]
}

# With a key of one's own, the project's storage agent must be able to use it.
data "google_storage_project_service_account" "this" {
  count = length(var.kms_key_name[*])
}

resource "google_kms_crypto_key_iam_member" "storage" {
  count = length(var.kms_key_name[*])

  crypto_key_id = var.kms_key_name
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = data.google_storage_project_service_account.this[0].member

  depends_on = [time_sleep.apis]
}
