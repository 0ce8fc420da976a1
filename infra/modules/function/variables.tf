variable "after" {
  description = "What must be there before it is made: APIs, and the rights of its accounts."
  type        = any
  default     = []
}

variable "build_account" {
  description = "The account that Cloud Build makes the image as: `projects/P/serviceAccounts/EMAIL`."
  type        = string
}

variable "description" {
  description = "What the function does, for the console."
  type        = string
}

variable "docker_repository" {
  description = "Where the image goes: a repository's id in Artifact Registry."
  type        = string
}

variable "entry_point" {
  description = "The Python function in main.py."
  type        = string
}

variable "environment" {
  description = "Its environment variables."
  type        = map(string)
}

variable "files" {
  description = "Path in the zip => path below root."
  type        = map(string)
}

variable "hash" {
  description = "Digest of the files."
  type        = string
}

variable "prefix" {
  description = "What the function's name begins with."
  type        = string
}

variable "project" {
  description = "The project, which its secrets are in."
  type        = string
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "root" {
  description = "The folder that the files are below."
  type        = string
}

variable "runtime_account" {
  description = "The e-mail of the account that it runs as."
  type        = string
}

variable "secrets" {
  description = "Environment variables that are secrets: name => secret in Secret Manager."
  type        = map(string)
  default     = {}
}

variable "service" {
  description = "How it is run."
  type = object({
    concurrency = number
    cpu         = string
    ingress     = string
    instances   = number
    memory      = string
    timeout_s   = number
  })
}

variable "source_bucket" {
  description = "The bucket that its zip is put in."
  type        = string
}
