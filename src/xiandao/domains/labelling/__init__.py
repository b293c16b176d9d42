"""The review desk of identification: samples, labels, agreement, objections, and estimates with intervals."""
