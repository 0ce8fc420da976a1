# A database of the deployment's own: IAM can be narrowed to it, and it goes when the deployment goes.
resource "google_firestore_database" "this" {
  name                              = "s1ratio-${var.deployment}"
  location_id                       = coalesce(var.firestore_location, var.region)
  type                              = "FIRESTORE_NATIVE"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"
  point_in_time_recovery_enablement = var.point_in_time_recovery ? "POINT_IN_TIME_RECOVERY_ENABLED" : "POINT_IN_TIME_RECOVERY_DISABLED"

  depends_on = [time_sleep.apis]
}

# A whole copy a day, beyond the minutes of the last 7 days that point_in_time_recovery keeps: README.md says how
# one is brought back. The schedule goes with the database; copies stay until they expire.
resource "google_firestore_backup_schedule" "daily" {
  count = length(var.backup_retention_days[*])

  database  = google_firestore_database.this.name
  retention = "${var.backup_retention_days * 86400}s"

  daily_recurrence {}
}

# What the store's queries need, written from its code: `make indexes`.
locals {
  schema = jsondecode(file("${path.module}/indexes.json"))

  indexes = { for index in local.schema.indexes : replace(index.name, ":", "/") => index }

  # Single fields that differ from Firestore's own way, by which each field is indexed.
  fields = merge(
    { for field in local.schema.unindexed : "${field.collection}/${field.path}" => merge(field, { ttl = false }) },
    { for field in local.schema.expiring : "${field.collection}/${field.path}" => merge(field, { ttl = true }) },
  )
}

resource "google_firestore_index" "this" {
  for_each = local.indexes

  database   = google_firestore_database.this.name
  collection = "${var.deployment}-${each.value.collection}"

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path   = fields.value.path
      order        = try(fields.value.order, null)
      array_config = try(fields.value.array, null)
    }
  }
}

# Firestore deletes a document within a day or so after the time in its expiring field; documents
# without the field stay. That field is not indexed: times that only grow are a hot spot.
resource "google_firestore_field" "this" {
  for_each = local.fields

  database   = google_firestore_database.this.name
  collection = "${var.deployment}-${each.value.collection}"
  field      = each.value.path

  index_config {}

  dynamic "ttl_config" {
    for_each = each.value.ttl ? [1] : []
    content {}
  }
}
