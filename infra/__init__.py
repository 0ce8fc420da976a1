"""The deployment: Terraform, and what writes its generated parts."""
