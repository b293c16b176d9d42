"""The inbox (待办): what waits for whom, since when, until when. Domains register what puts a task there."""
