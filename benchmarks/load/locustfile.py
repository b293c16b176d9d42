"""Fifty people at work: each signs in once, then opens pages as that role does, a few seconds between clicks."""

import random
import re

from locust import HttpUser, between, events, task

PASSWORD = "xiandao-demo"  # noqa: S105 — published on purpose, demonstrations only
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
EVERYBODY = ("/overview/", "/plans/targets/", "/plans/measures/", "/cities/", "/search/?q=氢能")
WORKERS = (
    "/",
    "/progress/",
    "/progress/duties/",
    "/progress/rounds/",
    "/progress/reports/",
    "/progress/claims/",
    "/progress/results/",
    "/progress/problems/",
    "/progress/targets/",
)
PAGES = {
    "coordinator": (*WORKERS, "/progress/problems/waiting/", "/progress/letters/", "/progress/meetings/"),
    "department": (*WORKERS, "/progress/verification/"),
    "department-other": WORKERS,
    "city": (*WORKERS, "/progress/letters/"),
    "city-other": WORKERS,
    "auditor": (*WORKERS, "/audit/"),
    "": EVERYBODY,
}
MIX = [
    "coordinator",
    "coordinator",
    "department",
    "department",
    "department-other",
    "city",
    "city",
    "city-other",
    "auditor",
    "",
]


class Person(HttpUser):
    """One person of a role, drawn from the mix."""

    wait_time = between(2, 5)

    def on_start(self) -> None:
        """Sign in, as the public does not."""
        self.account = random.choice(MIX)  # noqa: S311 — load, not secrets
        if not self.account:
            return
        page = self.client.get("/accounts/sign-in/", name="sign-in page").text
        token = TOKEN.search(page)
        self.client.post(
            "/accounts/sign-in/",
            {"username": self.account, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""},
            name="sign-in",
        )

    @task
    def look(self) -> None:
        """Open one page of the role."""
        page = random.choice(PAGES[self.account])  # noqa: S311 — load, not secrets
        label = f"{page} ({self.account or 'public'})"
        with self.client.get(page, name=label, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code}")


@events.quitting.add_listener
def fail_on_failures(environment, **_kwargs: object) -> None:
    """Exit with 1 where a page failed, so that a fast error is not a good figure."""
    if environment.stats.total.fail_ratio > 0:
        environment.process_exit_code = 1
