# What a function's zip holds, and a digest of it. No provider: nothing is read but files, so that
# an unchanged function has an unchanged digest on every machine and is not deployed again.

variable "function" {
  description = "The function's name: its folder below functions/."
  type        = string
}

variable "root" {
  description = "The root of the repository."
  type        = string
}

locals {
  own     = fileset("${var.root}/functions/${var.function}", "**")
  package = fileset("${var.root}/shared/s1ratio", "**")

  # Neither what never runs in the cloud, nor pages and their drawings, nor what a lock was made of,
  # nor what Python leaves behind.
  unwanted = "(^|/)__pycache__/|[.](pyc|md|svg)$|^(embedded|cli)/|^requirements[.]in$"

  files = merge(
    { for path in local.own : path => "functions/${var.function}/${path}" if !can(regex(local.unwanted, path)) },
    { for path in local.package : "s1ratio/${path}" => "shared/s1ratio/${path}" if !can(regex(local.unwanted, path)) },
  )
}

output "files" {
  description = "Path in the zip => path in the repository."
  value       = local.files
}

output "hash" {
  description = "Digest of the paths and contents."
  value       = sha256(join("\n", [for path, source in local.files : "${path} ${filesha256("${var.root}/${source}")}"]))
}
