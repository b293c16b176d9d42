"""The audit log: what was done, by whom, for which organisation, before and after, in one unbroken chain."""
