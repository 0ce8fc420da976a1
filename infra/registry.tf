# The functions' images, in a repository of our own: its writer is one account, and old ones go.
resource "google_artifact_registry_repository" "this" {
  repository_id = local.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the functions of ${local.name}"

  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  cleanup_policies {
    id     = "last-of-each"
    action = "KEEP" # wins over DELETE
    most_recent_versions {
      keep_count = 3
    }
  }

  depends_on = [time_sleep.apis]
}
