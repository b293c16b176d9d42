"""Whatever is asked of the interface, it answers by its own description and never with a server error."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from xiandao.api.main import api

pytestmark = pytest.mark.django_db
# Through JSON: the description as a client gets it, without Django's lazy strings.
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _keep_the_connection():
    """A bare WSGI call ends by closing the connection the test's transaction lives in; Django's own client does this too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_keep_to_the_description(case, db):
    case.call_and_validate()
