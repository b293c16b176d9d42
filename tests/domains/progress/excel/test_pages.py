"""Pages of Excel: what each shows and answers."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.progress.excel.support import Workbook, claim_cells, exported
from xiandao.domains.progress.actions import excel_import as act
from xiandao.domains.progress.models import ImportJob, ImportState, RoundState
from xiandao.domains.shared.excel import CONTENT_TYPE

pytestmark = pytest.mark.django_db
DUTY = "3 加速创新成果转化（南京市科技局）"


def upload(browser, opened, content, scope="city", name="南京.xlsx"):
    return browser.post(
        f"/progress/excel/{opened.pk}/",
        {"scope": scope, "file": SimpleUploadedFile(name, content, content_type=CONTENT_TYPE)},
        follow=True,
    )


def words(answer):
    return answer.content.decode()


def test_the_page_of_a_round_offers_own_and_city(client_of, opened):
    page = words(client_of("city").get(f"/progress/excel/{opened.pk}/"))
    assert "南京市发展改革委（9 项）" in page
    assert "南京市（24 项）" in page
    assert "佐证材料不能放在 Excel 里" in page
    other = words(client_of("department").get(f"/progress/excel/{opened.pk}/"))
    assert 'name="scope" value="own"' in other
    assert "template-city" not in other


def test_the_template_is_sent_under_a_chinese_name(client_of, opened):
    answer = client_of("city").get(f"/progress/excel/{opened.pk}/template-city.xlsx")
    assert answer["Content-Type"] == CONTENT_TYPE
    assert "%E5%8D%97%E4%BA%AC%E5%B8%822026" in answer["Content-Disposition"]
    assert len(Workbook(answer.content).rows("进展")) == 24
    assert client_of("department").get(f"/progress/excel/{opened.pk}/template-city.xlsx").status_code == 404


def test_from_upload_to_saved(client_of, opened, book):
    book.set("进展", 0, standing="受阻", happened="停工", next_step="复工")
    book.add("成果", **claim_cells(DUTY))
    browser = client_of("city")
    page = words(upload(browser, opened, book.bytes()))
    assert "检查通过" in page
    assert "<b>受阻</b>" in page
    assert "示例量子概念验证中心" in page
    job = ImportJob.objects.for_system("tests").get()
    saved = words(browser.post(f"/progress/excel/files/{job.pk}/confirm/", follow=True))
    assert "已全部保存为草稿" in saved
    assert "还缺佐证的成果" in saved
    assert "示例量子概念验证中心" in saved
    again = browser.post(f"/progress/excel/files/{job.pk}/confirm/")
    assert again.status_code == 409
    assert "待确认的文件可以导入" in words(again)
    assert "南京.xlsx" in words(browser.get(f"/progress/excel/{opened.pk}/"))


def test_faults_are_listed_and_both_files_can_be_downloaded(client_of, opened, book):
    book.add("成果", **claim_cells(DUTY, region="<b>月球</b>"))
    browser, content = client_of("city"), book.bytes()
    page = words(upload(browser, opened, content))
    assert "共 <b>1</b> 处错误，一行都没有保存" in page
    assert "&lt;b&gt;月球&lt;/b&gt;" in page
    job = ImportJob.objects.for_system("tests").get()
    original = browser.get(f"/progress/excel/files/{job.pk}/original.xlsx")
    assert b"".join(original.streaming_content) == content
    annotated = browser.get(f"/progress/excel/files/{job.pk}/annotated.xlsx")
    assert "检查结果" in Workbook(b"".join(annotated.streaming_content)).sheets
    assert "%E5%8D%97%E4%BA%AC" in annotated["Content-Disposition"]
    assert browser.get(f"/progress/excel/files/{job.pk}/other.xlsx").status_code == 404


def test_without_file_or_with_another_kind_the_page_says_what_to_do(client_of, opened):
    browser = client_of("city")
    nothing = browser.post(f"/progress/excel/{opened.pk}/", {"scope": "own"})
    assert nothing.status_code == 422
    assert "请选择填好的 .xlsx 文件" in words(nothing)
    wrong = upload(browser, opened, b"x", name="a.csv")
    assert wrong.status_code == 422
    assert "请上传 .xlsx 文件" in words(wrong)


def test_a_file_over_the_cap_is_refused(client_of, opened, monkeypatch):
    from xiandao.domains.orgs.models import SecurityValue

    SecurityValue.objects.filter(key="file_max_size").update(value=0)
    answer = upload(client_of("city"), opened, b"PK\x03\x04" + b"x" * 2_000_000)
    assert answer.status_code == 422
    assert "MB 的上限" in words(answer)


def test_progress_is_shown_until_it_is_done(client_of, city, opened, book, now):
    content = io.BytesIO(book.bytes())
    job = act.start_import(city, opened=opened, scope="city", name="a.xlsx", content=content, now=now)
    rows = ImportJob.objects.for_system("tests").filter(pk=job.pk)
    from xiandao.domains.shared.liveness import here

    browser, address = client_of("city"), f"/progress/excel/files/{job.pk}/progress/"
    assert browser.get(address)["HX-Refresh"] == "true"
    rows.update(state=ImportState.CHECKING, done=500, total=2000, worker=here())
    page = words(browser.get(address))
    assert "已检查 500 行，共 2000 行" in page
    assert 'hx-trigger="every 1s"' in page
    assert "取消" in words(browser.get(f"/progress/excel/files/{job.pk}/"))
    rows.update(state=ImportState.SAVING)
    assert "全部保存，或全部不保存" in words(browser.get(address))
    rows.update(worker="elsewhere:1:1", beat_at=now)
    assert browser.get(address)["HX-Refresh"] == "true"
    assert "已经终止，什么都没有保存" in words(browser.get(f"/progress/excel/files/{job.pk}/"))


def test_a_closed_round_says_so(client_of, opened):
    opened.state = RoundState.CLOSED
    opened.save()
    browser = client_of("city")
    answer = browser.get(f"/progress/excel/{opened.pk}/template-own.xlsx")
    assert answer.status_code == 409
    assert "填报期已经关闭" in words(answer)


def test_an_organisation_without_duties_is_told(client_of, opened):
    assert "没有要填报的任务" in words(client_of("county").get(f"/progress/excel/{opened.pk}/"))


def test_pages_ask_as_many_queries_for_one_claim_as_for_many(client_of, city, opened, now):
    browser = client_of("city")

    def queries(number):
        book = exported(city, opened)
        for n in range(number):
            book.add("成果", **claim_cells(DUTY, name=f"示例{number}批{n}", identifier=f"{number}-{n}"))
        content = io.BytesIO(book.bytes())
        job = act.start_import(city, opened=opened, scope="city", name="a.xlsx", content=content, now=now)
        counts = []
        for _state in ("ready", "saved"):
            with CaptureQueriesContext(connection) as asked:
                browser.get(f"/progress/excel/files/{job.pk}/")
            counts.append(len(asked))
            if job.state == ImportState.READY:
                job = act.confirm_import(city, pk=job.pk, now=now)
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/progress/excel/{opened.pk}/")
        return [*counts, len(asked)]

    assert queries(1) == queries(30)
