terraform {
  required_version = ">= 1.9, < 2" # 1.9: a validation may look at other variables

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = ">= 2.4, < 3"
    }
    google = {
      source  = "hashicorp/google"
      version = ">= 7.40, < 9"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 7.40, < 9"
    }
    time = { # waits (apis.tf, identities.tf, metrics.tf)
      source  = "hashicorp/time"
      version = ">= 0.9, < 1"
    }
  }
}

provider "google" {
  project        = var.project_id
  region         = var.region
  default_labels = local.labels
}

# Only for the service agent of Pub/Sub (pubsub.tf), which the other provider cannot make.
provider "google-beta" {
  project = var.project_id
  region  = var.region
}

# Budgets and quotas are billed to a project of the caller; a user's own credentials name none.
provider "google" {
  alias                 = "charged"
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
}
