"""The form goes out as Excel and comes in again; anything else is refused whole."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.domains.programmes.conftest import GOOD
from xiandao.domains.orgs.models import User
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.models import Application, Call

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(firm, lead, call_of):
    now = timezone.now()
    call = call_of(lead)
    Call.objects.for_system("tests").filter(pk=call.pk).update(
        opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=40)
    )
    application = act.start_application(firm, call_code=call.code)
    return act.save_application(firm, code=application.code, revision=0, data=GOOD).application


@pytest.fixture
def client():
    browser = Client()
    browser.force_login(User.objects.get(username="applicant"))
    return browser


def sent(client, draft, book):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in book.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(number, place, value, days)
                else:
                    sheet.write(number, place, value)
    made.close()
    return upload(client, draft, out.getvalue())


def upload(client, draft, content):
    file = SimpleUploadedFile("申报表.xlsx", content)
    return client.post(reverse("programmes:application-upload", args=[draft.code]), {"file": file})


def book_of(client, draft):
    answer = client.get(reverse("programmes:application-form", args=[draft.code]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_out_and_in_unchanged_changes_nothing(client, draft):
    before = dict(draft.data)
    assert sent(client, draft, book_of(client, draft)).status_code == 302
    row = Application.objects.for_system("tests").get()
    assert row.data == before
    assert row.revision == draft.revision


def test_what_is_filled_in_comes_in_and_empty_cells_keep(client, draft):
    book = book_of(client, draft)
    places = {row[0]: row for row in book["表单"][2:]}
    places["staff"][3] = 230
    places["founded_on"][3] = dt.datetime(2015, 4, 3)  # noqa: DTZ001 — as Excel keeps it
    places["main_product"][3] = ""
    places["industries"][3] = "氢能、量子科技"
    places["has_first_product"][3] = "是"
    book["patents"].append(["ZL202110000002.X", "密封件", "", ""])
    assert sent(client, draft, book).status_code == 302
    data = Application.objects.for_system("tests").get().data
    assert data["staff"] == "230"
    assert data["founded_on"] == "2015-04-03"
    assert data["main_product"] == "燃料电池电堆"
    assert data["industries"] == ["hydrogen", "quantum"]
    assert data["has_first_product"] == "yes"
    assert [row["name"] for row in data["patents"]] == ["电堆", "密封件"]


def test_another_file_is_refused_whole(client, draft):
    book = book_of(client, draft)
    book["表单"][0][1] = "x" * 64
    refused = sent(client, draft, book)
    assert refused.status_code == 422
    assert "另一个专项或另一版表单" in refused.content.decode()
    broken = upload(client, draft, b"nothing")
    assert broken.status_code == 422
    assert "不是 Excel 工作簿" in broken.content.decode()
    assert Application.objects.for_system("tests").get().revision == draft.revision
