"""What can be done with programmes, calls, applications and needs."""
