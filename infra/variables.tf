variable "alert_emails" {
  description = "Who is told when an alert fires; empty: the alerts show in the console alone."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "alert_emails: each must be an e-mail address."
  }
}

variable "alert_publishers" {
  description = "IAM members that may publish monitoring alerts, which become requests."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.alert_publishers : can(regex(local.member, member))])
    error_message = "alert_publishers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "backup_retention_days" {
  description = "How long each day's backup of the database is kept; null: no backups."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_retention_days == null || try(var.backup_retention_days >= 1 && var.backup_retention_days <= 98 && floor(var.backup_retention_days) == var.backup_retention_days, false)
    error_message = "backup_retention_days must be a whole number from 1 to 98, the 14 weeks that Firestore allows."
  }
}

variable "billing_account" {
  description = "The billing account whose budget is watched, `XXXXXX-XXXXXX-XXXXXX`; null: no budget."
  type        = string
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^([0-9A-F]{6}-){2}[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account must be like 012345-6789AB-CDEF01."
  }
}

variable "bucket_location" {
  description = "Where the exports lie: a region, or a dual or multi region such as `US`; see Costs on what leaves the US."
  type        = string
  default     = "US"

  validation {
    condition     = contains(local.multi_regions, var.bucket_location) || contains(local.regions, lower(var.bucket_location))
    error_message = "bucket_location must be a region, or one of ${join(", ", local.multi_regions)}."
  }
}

variable "budget_amount" {
  description = "What a month may cost before the budget's alerts begin (at half of it), in the billing account's currency."
  type        = number
  default     = 100

  validation {
    condition     = var.budget_amount >= 1 && floor(var.budget_amount) == var.budget_amount
    error_message = "budget_amount must be a whole number from 1."
  }
}

variable "command_publishers" {
  description = "IAM members that may publish commands, each on behalf of anybody: a topic proves no author."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.command_publishers : can(regex(local.member, member))])
    error_message = "command_publishers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "dead_letter_retention_days" {
  description = "How long a dead letter waits to be looked at."
  type        = number
  default     = 14

  validation {
    condition     = var.dead_letter_retention_days >= 1 && var.dead_letter_retention_days <= 31
    error_message = "dead_letter_retention_days must be 1 to 31, what Pub/Sub allows."
  }
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted. Set it to false, and apply, before a teardown."
  type        = bool
  default     = true
}

variable "delivery_attempts" {
  description = "How often a message is delivered before it is a dead letter. Waits grow from 10 s to 10 min: 30 attempts outlast an outage of about 4 hours."
  type        = number
  default     = 30

  validation {
    condition     = var.delivery_attempts >= 5 && var.delivery_attempts <= 100 && floor(var.delivery_attempts) == var.delivery_attempts
    error_message = "delivery_attempts must be a whole number from 5 to 100, what Pub/Sub allows."
  }
}

variable "deployment" {
  description = "This deployment's name, in the names of all it owns and in Earth Engine's task descriptions."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{1,12}$", var.deployment))
    error_message = "deployment must be 1 to 12 letters a-z or digits."
  }
}

variable "eecu_alert_hours" {
  description = "EECU-hours of a day above which an alert fires (the whole project's, as Earth Engine counts them)."
  type        = number
  default     = 24

  validation {
    condition     = var.eecu_alert_hours > 0
    error_message = "eecu_alert_hours must be above 0."
  }
}

variable "eecu_quota" {
  description = "A limit on the project's EECU-seconds a day. `id` is the quota's id as the project's quota list has it (see By hand, once); null: unlimited."
  type        = object({ id = string, seconds_per_day = number })
  default     = null

  validation {
    condition     = var.eecu_quota == null || try(var.eecu_quota.seconds_per_day >= 1 && var.eecu_quota.id != "", false)
    error_message = "eecu_quota needs an id and at least 1 second a day."
  }
}

variable "event_subscribers" {
  description = "IAM members that may attach subscriptions to the topic of events."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.event_subscribers : can(regex(local.member, member))])
    error_message = "event_subscribers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "export_readers" {
  description = "IAM members that may read the exported files."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.export_readers : can(regex(local.member, member))])
    error_message = "export_readers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "exports_retention_days" {
  description = "After how many days an exported file is deleted; null: never."
  type        = number
  default     = null

  validation {
    condition     = var.exports_retention_days == null || try(var.exports_retention_days >= 7, false)
    error_message = "exports_retention_days must be 7 or more: the poller must have verified the file, and a publisher fetched it."
  }
}

variable "exports_versioning" {
  description = "Whether an overwritten export is kept (for 30 days)."
  type        = bool
  default     = true
}

variable "failure_ratio" {
  description = "The share of tasks that ended in 6 hours and failed, above which an alert fires."
  type        = number
  default     = 0.2

  validation {
    condition     = var.failure_ratio > 0 && var.failure_ratio < 1
    error_message = "failure_ratio must be between 0 and 1."
  }
}

variable "feed_keys_secret" {
  description = "The secret in Secret Manager that holds the keys of feeds, `NAME=KEY` with spaces between (see By hand, once); null: no feed needs one."
  type        = string
  default     = null

  validation {
    condition     = var.feed_keys_secret == null || can(regex("^[a-zA-Z0-9_-]{1,255}$", var.feed_keys_secret))
    error_message = "feed_keys_secret must be the name of a secret in this project, without a path."
  }
}

variable "fetch_schedule" {
  description = "When feeds that are due are asked (cron, UTC); each feed says how often it wants to be."
  type        = string
  default     = "*/5 * * * *"

  validation {
    condition     = can(regex(local.cron, var.fetch_schedule))
    error_message = "fetch_schedule must be unix-cron of five fields in numbers, such as */5 * * * *."
  }
}

variable "firestore_location" {
  description = "Where the database lies: a region, `nam5` or `eur3`; null: the region of the functions. It can't be moved."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || try(contains(setunion(local.regions, ["nam5", "eur3"]), var.firestore_location), false)
    error_message = "firestore_location must be a region, nam5 or eur3."
  }
}

variable "kms_key_name" {
  description = "A key of your own for the bucket of the exports, in its location: `projects/P/locations/L/keyRings/R/cryptoKeys/K`; null: Google's."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must be projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }
}

variable "message_retention_days" {
  description = "How long a message that no function could take waits in its subscription."
  type        = number
  default     = 7

  validation {
    condition     = var.message_retention_days >= 1 && var.message_retention_days <= 31
    error_message = "message_retention_days must be 1 to 31, what Pub/Sub allows."
  }
}

variable "pipeline" {
  description = <<-EOT
    Two Cloud Build triggers on cloudbuild.yaml: one plans at each push to the branch, one is run by hand, waits for approval and applies.
    `repository` is a connected one, `projects/P/locations/L/connections/C/repositories/R`, of the kind `host` (GITHUB, BITBUCKET_SERVER,
    UNKNOWN); `branch` is one branch; `state_bucket` holds Terraform's state; `var_file` is relative to infra. null: none.
  EOT
  type = object({
    repository   = string
    state_bucket = string
    var_file     = string
    branch       = optional(string, "^main$")
    host         = optional(string, "GITHUB")
  })
  default = null

  validation {
    condition     = var.pipeline == null || can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.pipeline.repository))
    error_message = "pipeline.repository must be projects/P/locations/L/connections/C/repositories/R."
  }

  validation {
    condition     = var.pipeline == null || can(regex("^env/[a-z0-9]+[.]tfvars$", var.pipeline.var_file))
    error_message = "pipeline.var_file must be a file in env, such as env/prod.tfvars."
  }

  validation {
    condition     = var.pipeline == null || can(regex("^\\^?[A-Za-z0-9][A-Za-z0-9._/-]*[$]?$", var.pipeline.branch))
    error_message = "pipeline.branch must be the name of one branch, such as main or ^main$: what is applied comes from there."
  }

  validation {
    condition     = var.pipeline == null || try(contains(["BITBUCKET_SERVER", "GITHUB", "UNKNOWN"], var.pipeline.host), false)
    error_message = "pipeline.host must be GITHUB, BITBUCKET_SERVER, or UNKNOWN for another."
  }
}

variable "point_in_time_recovery" {
  description = "Whether the database can be read as it was at any minute of the last 7 days."
  type        = bool
  default     = true
}

variable "poll_schedule" {
  description = "When export tasks are followed: unix-cron, UTC, in numbers."
  type        = string
  default     = "*/5 * * * *"

  validation {
    condition     = can(regex(local.cron, var.poll_schedule))
    error_message = "poll_schedule must be unix-cron of five fields in numbers, such as */5 * * * *."
  }
}

variable "project_id" {
  description = "The Google Cloud project, registered for Earth Engine."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id (not the name or number) of a project: 6 to 30 of a-z, 0-9 and -, beginning with a letter."
  }
}

variable "publishers" {
  description = "IAM members that may publish requests."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.publishers : can(regex(local.member, member))])
    error_message = "publishers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "refresh_schedule" {
  description = "When standing regions are looked through for due refreshes: unix-cron, UTC, in numbers."
  type        = string
  default     = "*/5 * * * *"

  validation {
    condition     = can(regex(local.cron, var.refresh_schedule))
    error_message = "refresh_schedule must be unix-cron of five fields in numbers, such as */5 * * * *."
  }
}

variable "region" {
  description = "Where the functions, the schedules and the images are."
  type        = string
  default     = "us-central1"

  validation {
    condition     = contains(local.regions, var.region)
    error_message = "region must be a region of Cloud Functions, such as us-central1 or europe-west1."
  }
}

variable "require_guards" {
  description = "Whether a plan is refused that tells nobody of alerts (alert_emails) or sets no limit on a day's EECU-seconds (eecu_quota)."
  type        = bool
  default     = false

  validation {
    condition     = !var.require_guards || length(var.alert_emails) > 0
    error_message = "require_guards: alert_emails is empty, nobody is told when an alert fires: name somebody there."
  }

  validation {
    condition     = !var.require_guards || var.eecu_quota != null
    error_message = "require_guards: eecu_quota is null, nothing limits what Earth Engine computes in a day: set it (see By hand, once)."
  }
}

variable "settings" {
  description = "The limits of the service, each the variable `S1RATIO_` + its name in capitals; functions/README.md has their meanings."
  type = object({
    allow_drive        = optional(bool, false)
    feed_hosts         = optional(string, "firms.modaps.eosdis.nasa.gov,www.gdacs.org,earthquake.usgs.gov,rapidmapping.emergency.copernicus.eu,eonet.gsfc.nasa.gov,data-api.globalforestwatch.org,api.weather.gov")
    launch_budget_s    = optional(number, 120)
    list_grace_s       = optional(number, 300)
    lost_grace_s       = optional(number, 900)
    max_active         = optional(number, 2700)
    max_area_km2       = optional(number, 250000)
    max_period_days    = optional(number, 3660)
    max_priority       = optional(number, 100)
    max_request_bytes  = optional(number, 1500000000000)
    max_request_eecu_s = optional(number, 1800000)
    max_request_values = optional(number, 200000000000)
    max_task_pixels    = optional(number, 10000000000)
    max_tasks          = optional(number, 200)
    max_tasks_day      = optional(number, 10000)
    post_deadline_s    = optional(number, 60)
    queue_pause_s      = optional(number, 300)
    quota_reset_hour   = optional(number, 8)
    retention_days     = optional(number, 90)
    start_lease_s      = optional(number, 180)
    store_deadline_s   = optional(number, 10)
    tick_budget_s      = optional(number, 240)
  })
  default = {}

  validation {
    condition     = can(regex("^[a-z0-9.:-]+(,[a-z0-9.:-]+)*$", var.settings.feed_hosts))
    error_message = "settings.feed_hosts must be hosts with commas between them."
  }

  validation {
    condition     = var.settings.max_area_km2 >= 0.0001 && var.settings.max_area_km2 <= 600000000
    error_message = "settings.max_area_km2 must be 0.0001 at least, and at most 600,000,000: more than the Earth."
  }

  validation {
    condition     = var.settings.max_period_days >= 1 && var.settings.max_period_days <= 36500 && floor(var.settings.max_period_days) == var.settings.max_period_days
    error_message = "settings.max_period_days must be a whole number from 1 to 36,500."
  }

  validation {
    condition     = var.settings.max_tasks >= 1 && var.settings.max_tasks <= 100000 && floor(var.settings.max_tasks) == var.settings.max_tasks
    error_message = "settings.max_tasks must be a whole number from 1 to 100,000."
  }

  validation {
    condition     = var.settings.max_task_pixels >= 65536 && var.settings.max_task_pixels <= 10000000000000 && floor(var.settings.max_task_pixels) == var.settings.max_task_pixels
    error_message = "settings.max_task_pixels must be a whole number from 65,536 to 1e13."
  }

  validation {
    condition     = var.settings.max_request_values >= 1 && var.settings.max_request_values <= 1000000000000000 && floor(var.settings.max_request_values) == var.settings.max_request_values
    error_message = "settings.max_request_values must be a whole number from 1 to 1e15: pixels × bands of a request."
  }

  validation {
    condition     = var.settings.max_request_bytes >= 1 && var.settings.max_request_bytes <= 10000000000000000 && floor(var.settings.max_request_bytes) == var.settings.max_request_bytes
    error_message = "settings.max_request_bytes must be a whole number from 1 to 1e16: bytes of a request before compression."
  }

  validation {
    condition     = var.settings.max_priority >= 0 && var.settings.max_priority <= 9999 && floor(var.settings.max_priority) == var.settings.max_priority
    error_message = "settings.max_priority must be a whole number from 0 to 9999, Earth Engine's range."
  }

  validation {
    condition     = var.settings.max_active >= 1 && var.settings.max_active <= 3000 && floor(var.settings.max_active) == var.settings.max_active
    error_message = "settings.max_active must be a whole number from 1 to 3000: Earth Engine queues no more."
  }

  validation {
    condition     = var.settings.launch_budget_s >= 0 && 2 * var.settings.launch_budget_s <= 600 && var.settings.launch_budget_s + var.settings.post_deadline_s + 4 * var.settings.store_deadline_s <= 600
    error_message = "settings.launch_budget_s must be 0 to 300, and end within 600 s with post_deadline_s and four store_deadline_s: the longest that Pub/Sub waits for an answer."
  }

  validation {
    condition     = var.settings.store_deadline_s >= 0.1 && var.settings.store_deadline_s <= 60
    error_message = "settings.store_deadline_s must be 0.1 to 60."
  }

  validation {
    condition     = var.settings.tick_budget_s >= 0.1 && var.settings.tick_budget_s + var.settings.post_deadline_s <= 1800
    error_message = "settings.tick_budget_s must be 0.1 at least, and with post_deadline_s end within 1800 s, the longest that Scheduler waits."
  }

  validation {
    condition     = var.settings.post_deadline_s >= 0.1 && var.settings.post_deadline_s <= 600
    error_message = "settings.post_deadline_s must be 0.1 to 600."
  }

  validation {
    condition     = var.settings.start_lease_s > var.settings.post_deadline_s && var.settings.start_lease_s <= 86400
    error_message = "settings.start_lease_s must be longer than post_deadline_s, for a lease covers the call, and at most 86,400."
  }

  validation {
    condition     = var.settings.list_grace_s >= 0 && var.settings.list_grace_s <= 86400
    error_message = "settings.list_grace_s must be 0 to 86,400."
  }

  validation {
    condition     = var.settings.lost_grace_s >= 0 && var.settings.lost_grace_s <= 864000
    error_message = "settings.lost_grace_s must be 0 to 864,000."
  }

  validation {
    condition     = var.settings.max_tasks_day >= 1 && var.settings.max_tasks_day <= 10000000 && floor(var.settings.max_tasks_day) == var.settings.max_tasks_day
    error_message = "settings.max_tasks_day must be a whole number from 1 to 10,000,000."
  }

  validation {
    condition     = var.settings.max_request_eecu_s >= 1 && var.settings.max_request_eecu_s <= 1000000000000
    error_message = "settings.max_request_eecu_s must be 1 to 1e12."
  }

  validation {
    condition     = var.settings.queue_pause_s >= 0.1 && var.settings.queue_pause_s <= 86400
    error_message = "settings.queue_pause_s must be 0.1 to 86,400."
  }

  validation {
    condition     = contains(range(24), var.settings.quota_reset_hour)
    error_message = "settings.quota_reset_hour must be an hour, 0 to 23, in UTC."
  }

  validation {
    condition     = var.settings.retention_days <= 36500 && floor(var.settings.retention_days) == var.settings.retention_days
    error_message = "settings.retention_days must be a whole number, at most 36,500."
  }

  validation {
    condition     = var.settings.retention_days > var.message_retention_days + var.dead_letter_retention_days
    error_message = "settings.retention_days must be more than message_retention_days and dead_letter_retention_days together: a late duplicate of a forgotten request would run again."
  }
}

variable "silence_minutes" {
  description = "How long the poller, or another function with a schedule, may be silent before an alert fires: several times the gap of the schedules."
  type        = number
  default     = 30

  validation {
    condition     = var.silence_minutes >= 5 && var.silence_minutes <= 1410 && floor(var.silence_minutes) == var.silence_minutes
    error_message = "silence_minutes must be a whole number from 5 to 1410, what Cloud Monitoring allows."
  }
}

variable "soft_delete_days" {
  description = "How long what is deleted from the buckets can be had back, and is paid for: 7 to 90 days, or 0."
  type        = number
  default     = 7

  validation {
    condition     = var.soft_delete_days == 0 || (var.soft_delete_days >= 7 && var.soft_delete_days <= 90)
    error_message = "soft_delete_days must be 0 or 7 to 90, what Cloud Storage allows."
  }
}

variable "source_root" {
  description = "Where the functions and the package are: the repository, unless this names another folder of that shape."
  type        = string
  default     = null

  validation {
    condition     = var.source_root == null || try(length(fileset("${var.source_root}/functions", "*/main.py")) > 0, false)
    error_message = "source_root must be a folder with functions in it."
  }
}

variable "status_readers" {
  description = "IAM members that may open the status page."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.status_readers : can(regex(local.member, member))])
    error_message = "status_readers: each must be user:, group:, serviceAccount:, domain: or principal(Set):// and a name; never allUsers."
  }
}

variable "stuck_hours" {
  description = "How long an export may take before an alert fires; Earth Engine ends it after 10 days."
  type        = number
  default     = 48

  validation {
    condition     = var.stuck_hours >= 1 && var.stuck_hours <= 240
    error_message = "stuck_hours must be 1 to 240."
  }
}

variable "watch_schedule" {
  description = "When alerts are grouped, and passes over incidents are looked for (cron, UTC)."
  type        = string
  default     = "* * * * *"

  validation {
    condition     = can(regex(local.cron, var.watch_schedule))
    error_message = "watch_schedule must be unix-cron of five fields in numbers, such as * * * * *."
  }
}
