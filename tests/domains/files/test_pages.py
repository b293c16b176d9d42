"""Uploading, fetching and removing files in a browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.domains.files.samples import BOX, CSV, PDF, PNG
from xiandao.domains.files import queries
from xiandao.domains.orgs.models import SecurityValue

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def post(client, content=PDF, name="进展.pdf", key="open-city", **extra):
    data = {"holder_kind": BOX.code, "holder_key": key, "note": "首批", "next": "/plans/"}
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content)
    return client.post("/files/attach/", data, **extra)


def test_an_upload_goes_back_to_where_the_form_stood(client_of, me):
    answer = post(client_of("city"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/plans/")
    assert [row.name for row in queries.attachments(me, BOX.code, ["open-city"])["open-city"]] == ["进展.pdf"]


def test_a_page_with_scripts_gets_the_block_anew(client_of):
    answer = post(client_of("city"), **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "进展.pdf" in html
    assert "首批" in html
    assert "<html" not in html


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["plain", "htmx"])
def test_a_refused_upload_says_why_and_keeps_the_note(client_of, extra):
    answer = post(client_of("city"), PNG, **extra)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "内容与扩展名不符" in html
    assert 'value="首批"' in html
    assert 'name="next" value="/plans/"' in html, "trying again ends where the form stood"


def test_no_file_is_said(client_of):
    assert "请选择要上传的文件" in post(client_of("city"), None).content.decode()


def test_reading_stops_at_the_cap(client_of):
    SecurityValue.objects.filter(key="file_max_size").update(own_value=1)
    answer = post(client_of("city"), b"a" * 3 * 1024 * 1024, "a.txt")
    assert answer.status_code == 422
    assert "文件超过 1 MB 的上限" in answer.content.decode()


def test_a_locked_holder_shows_no_form_and_the_reason(client_of):
    html = post(client_of("city"), key="locked-city", **HTMX).content.decode()
    assert "已核实，不能再改" in html
    assert "<form" not in html


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_going_back_never_leads_away(client_of, target):
    data = {
        "holder_kind": BOX.code,
        "holder_key": "open-city",
        "next": target,
        "file": SimpleUploadedFile("a.pdf", PDF),
    }
    assert client_of("city").post("/files/attach/", data).headers["Location"] == "/"


def test_a_download_is_sealed(client_of, put):
    row = put()
    answer = client_of("city").get(f"/files/{row.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''%E8%BF%9B%E5%B1%95.pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Length"] == str(len(PDF))


def test_only_pictures_and_pdf_are_shown_in_the_window(client_of, put):
    client = client_of("city")
    shown = {}
    for name, content in (("a.pdf", PDF), ("a.png", PNG), ("a.csv", CSV)):
        answer = client.get(f"/files/{put(content, name).pk}/?inline")
        shown[name] = answer.headers["Content-Disposition"].partition(";")[0]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert shown == {"a.pdf": "inline", "a.png": "inline", "a.csv": "attachment"}


def test_hidden_removed_and_missing_files_look_the_same(client_of, put):
    row = put()
    assert client_of("county").get(f"/files/{row.pk}/").status_code == 404
    assert client_of().get(f"/files/{row.pk}/").status_code == 404
    assert client_of("city").get("/files/0/").status_code == 404
    city = client_of("city")
    assert city.post(f"/files/{row.pk}/detach/", {"reason": "传错", "next": "/plans/"}).status_code == 302
    assert city.get(f"/files/{row.pk}/").status_code == 404


def test_removing_without_a_reason_is_refused_on_the_page(client_of, put):
    row = put()
    answer = client_of("city").post(f"/files/{row.pk}/detach/", {"reason": ""}, **HTMX)
    assert answer.status_code == 422
    assert "请写明移除理由" in answer.content.decode()
    answer = client_of("city").post(f"/files/{row.pk}/detach/", {"reason": "传错文件"}, **HTMX)
    assert "已移除 1 个" in answer.content.decode()
    assert client_of("county").post(f"/files/{row.pk}/detach/", {"reason": "x"}).status_code == 404
