"""The kinds of task progress puts into the inbox, part by part. Importing a part registers its kinds."""
