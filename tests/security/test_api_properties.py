"""Whatever is asked of the interface, it answers by its own description and never with a server error."""

import json

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings

from xiandao.api.main import api

pytestmark = pytest.mark.django_db
# Through JSON: the description as a client gets it, without Django's lazy strings.
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
schema.app = get_wsgi_application()


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_keep_to_the_description(case, db):
    case.call_and_validate()
