# Two triggers on the one cloudbuild.yaml: approval gates a whole build, not a step. The first plans at a push,
# and stores the plan with its zips. The second is run by hand, with the digest of a stored plan in the build
# that is approved: it applies just those bytes, whatever anybody put in their place since.
locals {
  # What a plan reads. The basic role of a viewer would read every object as well.
  planner_roles = [
    "roles/artifactregistry.reader",
    "roles/browser",
    "roles/cloudbuild.builds.viewer",
    "roles/cloudfunctions.viewer",
    "roles/cloudscheduler.viewer",
    "roles/datastore.backupSchedulesViewer",
    "roles/datastore.viewer",
    "roles/iam.securityReviewer",
    "roles/iam.serviceAccountViewer",
    "roles/logging.logWriter",
    "roles/logging.viewer",
    "roles/monitoring.viewer",
    "roles/pubsub.viewer",
    "roles/run.viewer",
    "roles/serviceusage.serviceUsageConsumer",
  ]
  # What an apply changes. Powerful: who may approve a build may do all of it.
  applier_roles = [
    "roles/artifactregistry.admin",
    "roles/cloudbuild.builds.editor",
    "roles/cloudfunctions.admin",
    "roles/cloudscheduler.admin",
    "roles/datastore.owner",
    "roles/iam.serviceAccountAdmin",
    "roles/logging.configWriter",
    "roles/logging.logWriter",
    "roles/monitoring.editor",
    "roles/pubsub.admin",
    "roles/run.admin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
  ]
  # It may hand out just what the functions run with. Its own rights, and the planner's, are changed
  # by an owner's `terraform apply` alone.
  grantable = sort(distinct([for grant in local.runtime_grants : grant.role]))
  these_roles_only = {
    title      = "only the roles of the functions"
    expression = "api.getAttribute(\"iam.googleapis.com/modifiedGrantsByRole\", []).hasOnly([${join(", ", [for role in local.grantable : "\"${role}\""])}])"
  }

  pipeline_grants = concat(
    var.eecu_quota == null ? [] : [
      { account = "plan", role = "roles/cloudquotas.viewer", condition = null },
      { account = "apply", role = "roles/cloudquotas.admin", condition = null },
    ],
    # Who may read the secret is for an owner's apply to change: a role that could would read it, too.
    var.feed_keys_secret == null ? [] : [
      { account = "apply", role = "roles/secretmanager.viewer", condition = null },
    ],
    [for role in local.planner_roles : { account = "plan", role = role, condition = null }],
    [for role in local.applier_roles : { account = "apply", role = role, condition = null }],
    [{ account = "apply", role = "roles/resourcemanager.projectIamAdmin", condition = local.these_roles_only }],
  )

  triggers = var.pipeline == null ? {} : {
    plan  = { apply = "false", pushed = [var.pipeline.branch], by_hand = [], description = "Checks a commit, plans, and stores the plan" }
    apply = { apply = "true", pushed = [], by_hand = ["refs/heads/${trim(var.pipeline.branch, "^$")}"], description = "Applies a stored plan, named by its digest, when approved" }
  }
}

resource "google_cloudbuild_trigger" "this" {
  for_each = local.triggers

  name            = "${local.name}-${each.key}"
  description     = each.value.description
  location        = var.region
  filename        = length(each.value.pushed) > 0 ? "cloudbuild.yaml" : null
  service_account = local.account_ids[each.key]

  dynamic "repository_event_config" {
    for_each = each.value.pushed
    content {
      repository = var.pipeline.repository
      push {
        branch = repository_event_config.value
      }
    }
  }

  dynamic "source_to_build" {
    for_each = each.value.by_hand
    content {
      repository = var.pipeline.repository
      ref        = source_to_build.value
      repo_type  = var.pipeline.host
    }
  }

  dynamic "git_file_source" {
    for_each = each.value.by_hand
    content {
      repository = var.pipeline.repository
      revision   = git_file_source.value
      repo_type  = var.pipeline.host
      path       = "cloudbuild.yaml"
    }
  }

  approval_config {
    approval_required = each.key == "apply"
  }

  substitutions = {
    _APPLY         = each.value.apply
    _DEPLOYMENT    = var.deployment
    _PLAN_SHA256   = "" # given by whoever runs the trigger that applies
    _SOURCE_BUCKET = google_storage_bucket.source.name
    _STATE_BUCKET  = var.pipeline.state_bucket
    _VAR_FILE      = var.pipeline.var_file
  }

  depends_on = [time_sleep.apis]
}

# The state: the planner reads it without locking, the applier (storage.admin) writes it. Its bucket
# is made by hand, before the first apply.
resource "google_storage_bucket_iam_member" "state" {
  count = length(var.pipeline[*])

  bucket = var.pipeline.state_bucket
  role   = "roles/storage.objectViewer"
  member = local.accounts["plan"]
}

# To deploy something that runs as an account is to act as it.
resource "google_service_account_iam_member" "apply" {
  for_each = { for name in keys(local.descriptions) : name => name if var.pipeline != null }

  service_account_id = local.account_ids[each.key]
  role               = "roles/iam.serviceAccountUser"
  member             = local.accounts["apply"]
}
