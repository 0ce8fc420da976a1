# Who may do what. The table in README.md says why; a test compares it with the plan, line by line.
#
# One account starts exports: Earth Engine recognises a request id again only for the same caller.
locals {
  descriptions = merge(
    {
      runner    = "Starts, follows and verifies exports"
      push      = "Pub/Sub calls functions as it"
      scheduler = "Cloud Scheduler calls functions as it"
      build     = "Builds the functions' images"
    },
    { for function in local.functions : function.account => function.description if function.account != "runner" },
    var.pipeline == null ? {} : {
      plan  = "The pipeline plans as it: reads only"
      apply = "The pipeline applies as it, after approval"
    },
  )

  accounts    = { for name, account in google_service_account.this : name => account.member }
  account_ids = { for name, account in google_service_account.this : name => "projects/${var.project_id}/serviceAccounts/${account.email}" }
  builders    = var.pipeline == null ? [] : ["plan", "apply"]

  database_only = {
    title      = "only the database of this deployment"
    expression = "resource.name == \"projects/${var.project_id}/databases/s1ratio-${var.deployment}\""
  }
  function_sources_only = {
    title      = "only the bucket that sources are copied to"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}\")"
  }
  plans_only = {
    title      = "only stored plans"
    expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.source.name}/objects/plans/\")"
  }

  payloads_only = {
    title      = "only payloads of alerts"
    expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.exports.name}/objects/alerts/\")"
  }

  catalogue_only = {
    title      = "only the catalogue"
    expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.exports.name}/objects/stac/\")"
  }

  # On the project: what can't be granted on anything smaller.
  runtime_grants = [
    { account = "runner", role = "roles/earthengine.writer", condition = null },
    { account = "runner", role = "roles/serviceusage.serviceUsageConsumer", condition = null },
    { account = "runner", role = "roles/datastore.user", condition = local.database_only },
    { account = "refresh", role = "roles/earthengine.viewer", condition = null },
    { account = "refresh", role = "roles/serviceusage.serviceUsageConsumer", condition = null },
    { account = "refresh", role = "roles/datastore.user", condition = local.database_only },
    { account = "record", role = "roles/datastore.user", condition = local.database_only },
    { account = "fetch", role = "roles/datastore.user", condition = local.database_only },
    { account = "watch", role = "roles/earthengine.viewer", condition = null },
    { account = "watch", role = "roles/serviceusage.serviceUsageConsumer", condition = null },
    { account = "watch", role = "roles/datastore.user", condition = local.database_only },
    { account = "command", role = "roles/datastore.user", condition = local.database_only },
    { account = "status", role = "roles/datastore.viewer", condition = local.database_only },
    { account = "build", role = "roles/logging.logWriter", condition = null },
    { account = "build", role = "roles/storage.objectViewer", condition = local.function_sources_only },
  ]
  project_grants = concat(local.runtime_grants, local.pipeline_grants)

  bucket_grants = concat(
    [{ bucket = "exports", member = local.accounts["runner"], as = "runner", role = "roles/storage.objectUser", condition = null }],
    [
      for name in ["record", "fetch"] : { # what is too large for a document
        bucket = "exports", member = local.accounts[name], as = name, role = "roles/storage.objectUser", condition = local.payloads_only
      } if contains(keys(local.descriptions), name)
    ],
    [
      for name in ["watch"] : { # reads again what no feed read
        bucket = "exports", member = local.accounts[name], as = name, role = "roles/storage.objectViewer", condition = local.payloads_only
      } if contains(keys(local.descriptions), name)
    ],
    [
      for name in ["status"] : { # serves the catalogue's files, and no other
        bucket = "exports", member = local.accounts[name], as = name, role = "roles/storage.objectViewer", condition = local.catalogue_only
      } if contains(keys(local.descriptions), name)
    ],
    [for member in var.export_readers : { bucket = "exports", member = member, as = member, role = "roles/storage.objectViewer", condition = null }],
    flatten([
      for name in setintersection(local.builders, ["plan"]) : [
        { bucket = "exports", member = local.accounts[name], as = name, role = "roles/storage.legacyBucketReader", condition = null },
        { bucket = "source", member = local.accounts[name], as = name, role = "roles/storage.legacyBucketReader", condition = null },
        { bucket = "source", member = local.accounts[name], as = name, role = "roles/storage.objectViewer", condition = null },
        { bucket = "source", member = local.accounts[name], as = name, role = "roles/storage.objectCreator", condition = local.plans_only }, # never overwrites
      ]
    ]),
  )
  buckets = { exports = google_storage_bucket.exports.name, source = google_storage_bucket.source.name }

  topic_grants = concat(
    [
      for name in ["refresh", "watch", "apply"] :
      { topic = "requests", member = local.accounts[name], as = name, role = "roles/pubsub.publisher" } if contains(keys(local.descriptions), name)
    ],
    [
      for name in ["runner", "refresh", "watch", "command"] : # whoever commits what is told
      { topic = "events", member = local.accounts[name], as = name, role = "roles/pubsub.publisher" } if contains(keys(local.descriptions), name)
    ],
    [for member in var.publishers : { topic = "requests", member = member, as = member, role = "roles/pubsub.publisher" }],
    [
      for name in ["status"] : # a job that is dismissed is a command
      { topic = "commands", member = local.accounts[name], as = name, role = "roles/pubsub.publisher" } if contains(keys(local.descriptions), name)
    ],
    [for member in var.command_publishers : { topic = "commands", member = member, as = member, role = "roles/pubsub.publisher" }],
    [for member in var.alert_publishers : { topic = "alerts", member = member, as = member, role = "roles/pubsub.publisher" }],
    [for member in var.event_subscribers : { topic = "events", member = member, as = member, role = "roles/pubsub.subscriber" }],
  )

  callers = { for caller in local.calls : "${caller.function} ${caller.as}" => caller }
  calls = concat(
    [for name, function in local.functions : { function = name, member = local.accounts["push"], as = "push" } if function.topic != null],
    [for name, function in local.functions : { function = name, member = local.accounts["scheduler"], as = "scheduler" } if function.schedule != null],
    flatten([for name, function in local.functions : [for member in function.callers : { function = name, member = member, as = member }]]),
  )
}

resource "google_service_account" "this" {
  for_each = local.descriptions

  account_id   = "${local.name}-${each.key}"
  display_name = "${local.name}: ${each.key}"
  description  = each.value

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "this" {
  for_each = {
    for grant in local.project_grants : "${grant.account} ${grant.role}" => grant if contains(keys(local.descriptions), grant.account)
  }

  project = var.project_id
  role    = each.value.role
  member  = local.accounts[each.value.account]

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title      = condition.value.title
      expression = condition.value.expression
    }
  }
}

resource "google_storage_bucket_iam_member" "this" {
  for_each = { for grant in local.bucket_grants : "${grant.bucket} ${grant.as} ${grant.role}" => grant }

  bucket = local.buckets[each.value.bucket]
  role   = each.value.role
  member = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title      = condition.value.title
      expression = condition.value.expression
    }
  }
}

resource "google_pubsub_topic_iam_member" "this" {
  for_each = { for grant in local.topic_grants : "${grant.topic} ${grant.as} ${grant.role}" => grant }

  topic  = google_pubsub_topic.this[each.value.topic].name
  role   = each.value.role
  member = each.value.member
}

# A grant holds a minute or more after it was made, and a build that starts before fails. Paid once: the
# triggers are the grants of the account that builds.
resource "time_sleep" "build_grants" {
  create_duration = "120s"
  triggers = merge(
    { for key, grant in google_project_iam_member.this : key => grant.id if startswith(key, "build ") },
    { images = google_artifact_registry_repository_iam_member.this.id },
  )
}

# Dead letters are moved by Pub/Sub's own agent: it takes from the subscription and publishes.
resource "google_pubsub_topic_iam_member" "dead" {
  for_each = google_pubsub_topic.dead

  topic  = each.value.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent

  depends_on = [google_project_service_identity.pubsub]
}

resource "google_pubsub_subscription_iam_member" "dead" {
  for_each = google_pubsub_subscription.push

  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# Pub/Sub makes the tokens that it pushes with. Projects made since April 2021 let it without this.
resource "google_service_account_iam_member" "push" {
  service_account_id = local.account_ids["push"]
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  depends_on = [google_project_service_identity.pubsub]
}

# With a function goes the Cloud Run service under it, and with that what was granted on it: the name of the new
# one is the old one's, and nothing would look changed (provider issue #18308). An id is known again only after
# the function was made anew, so that this is replaced with it, and with nothing less.
resource "terraform_data" "called" {
  for_each = local.callers

  triggers_replace = module.function[each.value.function].id
}

# On the Cloud Run service under the function, which is what checks the token.
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = local.callers

  project  = var.project_id
  location = var.region
  name     = module.function[each.value.function].name
  role     = "roles/run.invoker"
  member   = each.value.member

  lifecycle {
    replace_triggered_by = [terraform_data.called[each.key]]
  }
}

resource "google_artifact_registry_repository_iam_member" "this" {
  location   = google_artifact_registry_repository.this.location
  repository = google_artifact_registry_repository.this.repository_id
  role       = "roles/artifactregistry.writer"
  member     = local.accounts["build"]
}
