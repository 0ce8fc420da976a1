output "id" {
  description = "Its id: not known while it is made, or made anew."
  value       = google_cloudfunctions2_function.this.id
}

output "name" {
  description = "Its name, and that of the Cloud Run service under it."
  value       = google_cloudfunctions2_function.this.name
}

output "uri" {
  description = "Where it is called, and the audience of the tokens it takes."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}
