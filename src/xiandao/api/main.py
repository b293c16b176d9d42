"""The programming interface: the same queries, the same actions and the same scoping as the pages."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI

from xiandao.api.catalogue import router as catalogue
from xiandao.api.enterprises import router as enterprises
from xiandao.api.inbox import router as inbox
from xiandao.api.industries import router as industries
from xiandao.api.labelling import router as labelling
from xiandao.api.ledger import router as ledger
from xiandao.api.parties import router as parties
from xiandao.api.plans import router as plans
from xiandao.api.programmes import router as programmes
from xiandao.api.progress import router as progress
from xiandao.api.registers import router as registers

api = NinjaAPI(
    title="先导 Xiandao",
    version="1",
    description=(
        "方案、任务、目标、责任单位、设区市、产业、企业，只读；本单位的进展可以保存和提交。未知是 null，从不写作 0。"
        "Plans, measures, targets, parties, cities, industries, enterprises, read-only; one's own progress reports can "
        "be saved and submitted. Unknown is null, never 0."
    ),
    docs_url="/docs",
    openapi_url="/openapi.json",
)
api.add_router("/plans", plans, tags=["方案 plans"])
api.add_router("/", parties, tags=["责任单位 parties"])
api.add_router("/inbox", inbox, tags=["待办 inbox"])
api.add_router("/progress", progress, tags=["进展 progress"])
api.add_router("/", registers, tags=["登记名录 registers"])
api.add_router("/industries", industries, tags=["产业 industries"])
api.add_router("/catalogue", catalogue, tags=["产品目录 catalogue"])
api.add_router("/enterprises", enterprises, tags=["企业 enterprises"])
api.add_router("/labelling", labelling, tags=["识别复核 labelling"])
api.add_router("/programmes", programmes, tags=["专项与申报 programmes"])
api.add_router("/ledger", ledger, tags=["台账 ledger"])


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer for what is missing and what is hidden alike."""
    return api.create_response(request, {"detail": "没有找到，或不在您的查看范围内。"}, status=404)
