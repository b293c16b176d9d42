"""Who has business at the review desk."""

from xiandao.domains.orgs.capability import Can

DESK = (Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS)
OBJECTORS = (Can.OBJECT_CLASSIFICATION, *DESK)
