# Every function that there may be, as data. One is deployed where its folder is: with the folder come
# its account, its rights, its subscription or schedule.
#
#   account      the identity that it runs as (identities.tf)
#   topic        pushes its messages to it
#   schedule     calls it
#   callers      IAM members that may call it besides
#   instances    at most, each taking `concurrency` calls at once
#   timeout_s    of a call; a topic's ack deadline is the same
locals {
  # A launch starts tasks for half of its time at most; the rest is for the call to Earth Engine that it may
  # begin at the end of that, and what it then stores.
  launch_timeout_s = max(
    60,
    ceil(2 * var.settings.launch_budget_s),
    ceil(var.settings.launch_budget_s + var.settings.post_deadline_s + 4 * var.settings.store_deadline_s),
  )
  # A tick may begin one more call to Earth Engine at its very end. Scheduler waits for 15 s at least.
  tick_timeout_s = max(60, ceil(var.settings.tick_budget_s + var.settings.post_deadline_s))

  internal = "ALLOW_INTERNAL_ONLY" # Pub/Sub and Scheduler of this project come in, the internet doesn't

  catalogue = {
    launch_exports = {
      description = "A request becomes a plan and its first exports."
      account     = "runner"
      topic       = "requests"
      schedule    = null
      callers     = []
      # Waits for Earth Engine most of the time. 4 x 8 = 32 of the 40 calls at once that Earth Engine takes of a
      # project leave some to the poller and to people, and never come to its 100 a second.
      service = {
        memory = "512Mi", cpu = "1", instances = 4, concurrency = 8, timeout_s = local.launch_timeout_s, ingress = local.internal
      }
    }
    poll_tasks = {
      description = "Follows the export tasks, mends, verifies and starts them."
      account     = "runner"
      topic       = null
      schedule    = var.poll_schedule
      callers     = []
      service = { # one tick at a time, as its lease has it; opens rasters
        memory = "1Gi", cpu = "1", instances = 1, concurrency = 1, timeout_s = local.tick_timeout_s, ingress = local.internal
      }
    }
    refresh_regions = {
      description = "Due regions become requests."
      account     = "refresh"
      topic       = null
      schedule    = var.refresh_schedule
      callers     = []
      service = { # one tick at a time, as its lease has it; asks Earth Engine, and exports nothing
        memory = "512Mi", cpu = "1", instances = 1, concurrency = 1, timeout_s = local.tick_timeout_s, ingress = local.internal
      }
    }
    record_alerts = {
      description = "A monitoring alert is recorded, and nothing else."
      account     = "record"
      topic       = "alerts"
      schedule    = null
      callers     = []
      service = { # waits for the store; one message is parsed at a time
        memory = "512Mi", cpu = "1", instances = 3, concurrency = 8, timeout_s = 60, ingress = local.internal
      }
    }
    fetch_alerts = {
      description = "Asks the feeds that nobody pushes, and records what came."
      account     = "fetch"
      topic       = null
      schedule    = var.fetch_schedule
      callers     = []
      service = { # one tick at a time, as its lease has it; one feed's answer may take its deadline beyond the budget
        memory = "512Mi", cpu = "1", instances = 1, concurrency = 1, timeout_s = local.tick_timeout_s, ingress = local.internal
      }
    }
    watch_incidents = {
      description = "Alerts become incidents, which wait for passes and request what came of them."
      account     = "watch"
      topic       = null
      schedule    = var.watch_schedule
      callers     = []
      service = { # one tick at a time, as its lease has it; asks Earth Engine, and exports nothing
        memory = "512Mi", cpu = "1", instances = 1, concurrency = 1, timeout_s = local.tick_timeout_s, ingress = local.internal
      }
    }
    apply_commands = {
      description = "A command is done once: cancel, retry, raise, pause, resume, run, silence."
      account     = "command"
      topic       = "commands"
      schedule    = null
      callers     = []
      service = { # waits for the store: a retry of many tasks writes each of them
        memory = "512Mi", cpu = "1", instances = 2, concurrency = 4, timeout_s = 300, ingress = local.internal
      }
    }
    status_page = {
      description = "What became of requests, as JSON."
      account     = "status"
      topic       = null
      schedule    = null
      callers     = var.status_readers
      service = { # open to the internet, closed by IAM; a call is answered within 20 s, from the store most of all
        memory = "512Mi", cpu = "1", instances = 2, concurrency = 16, timeout_s = 30, ingress = "ALLOW_ALL"
      }
    }
  }

  # Without these there is no service; the other functions come and go with their folders.
  needed = ["functions/launch_exports/main.py", "functions/poll_tasks/main.py", "shared/s1ratio/settings.py"]

  functions = {
    for name, function in local.catalogue : name => function
    if fileexists("${local.root}/functions/${name}/main.py")
  }
}

module "bundle" {
  source   = "./modules/bundle"
  for_each = local.functions

  function = each.key
  root     = local.root
}

module "function" {
  source   = "./modules/function"
  for_each = local.functions

  build_account     = local.account_ids["build"]
  description       = each.value.description
  docker_repository = "projects/${var.project_id}/locations/${var.region}/repositories/${google_artifact_registry_repository.this.repository_id}"
  entry_point       = each.key
  environment       = local.environment
  files             = module.bundle[each.key].files
  hash              = module.bundle[each.key].hash
  prefix            = local.name
  project           = var.project_id
  region            = var.region
  root              = local.root
  runtime_account   = google_service_account.this[each.value.account].email
  secrets           = each.key == "fetch_alerts" ? local.feed_secrets : {}
  service           = each.value.service
  source_bucket     = google_storage_bucket.source.name

  # Not `depends_on`: that would put off making the zips to the apply, and a stored plan has them with it.
  after = [
    time_sleep.apis,
    time_sleep.build_grants,
    google_project_iam_member.this,
    google_storage_bucket_iam_member.this,
    google_secret_manager_secret_iam_member.feed_keys,
  ]
}

# What feeds are fetched with: `NAME=KEY`, one beside the other, in a secret that was made by hand.
locals {
  feed_secrets = { for secret in var.feed_keys_secret[*] : "S1RATIO_FEED_KEYS" => secret }
}

resource "google_secret_manager_secret_iam_member" "feed_keys" {
  for_each = contains(keys(local.functions), "fetch_alerts") ? toset(var.feed_keys_secret[*]) : toset([])

  project   = var.project_id
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = local.accounts["fetch"]

  depends_on = [time_sleep.apis]
}
