"""Progress: duties as worked, reporting rounds, claimed and counted results, problems, letters, meeting papers."""
