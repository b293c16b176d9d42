"""What a role may let its holder do. Which role has which capability is pack data (roles.yaml), not code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Can(models.TextChoices):
    """One thing the product can be asked to do. Code asks for a capability, never for a role."""

    # Plans
    IMPORT_PLANS = "plans.import", _("录入和发布方案")
    READ_IMPORTS = "plans.read_imports", _("查看方案录入和历史版本")
    # Progress
    STEER = "progress.steer", _("拆分任务、设定目标路径和分市份额、开启和关闭填报期")
    CONFIRM_SHARES = "progress.confirm_shares", _("确认牵头目标的分市份额")
    REPORT = "progress.report", _("填写进展")
    SUBMIT = "progress.submit", _("提交进展")
    HAND_DOWN = "progress.hand_down", _("把本市承办事项下达到县（市、区）")
    VERIFY = "progress.verify", _("核实进展和成果")
    READ_PROGRESS = "progress.read_all", _("查看全部进展")
    RAISE_PROBLEMS = "problems.raise", _("提出难点堵点")
    ASSIGN_PROBLEMS = "problems.assign", _("交办难点堵点")
    ANSWER_PROBLEMS = "problems.answer", _("答复难点堵点")
    ISSUE_LETTERS = "letters.issue", _("签发督办单")
    RECEIVE_LETTERS = "letters.receive", _("签收和办理督办单")
    MAKE_MEETING_PACKS = "meetings.make", _("编制协调会议材料")
    READ_MEETING_PACKS = "meetings.read", _("查看协调会议材料")
    # Catalogue, registers, identification
    EDIT_CATALOGUE = "catalogue.edit", _("修订产品目录")
    PUBLISH_CATALOGUE = "catalogue.publish", _("发布产品目录")
    LOAD_REGISTERS = "registers.load", _("载入登记名录、启动识别")
    READ_ENTERPRISES = "enterprises.read", _("查看所辖地区的企业和识别结果")
    REVIEW_ENTERPRISES = "enterprises.review", _("复核识别结果")
    SETTLE_REVIEWS = "enterprises.settle", _("抽取复核批次、裁定分歧、答复企业异议")
    OBJECT_CLASSIFICATION = "enterprises.object", _("对本单位的识别结果提出异议")
    # Ledger and programmes
    READ_LEDGER = "ledger.read", _("查看所辖地区的台账")
    KEEP_LEDGER = "ledger.keep", _("登记和维护台账、录入公布的名单、发布一图三清单")
    RUN_CALLS = "calls.run", _("组织申报：发布通知、形式审查、公示、决定")
    RECOMMEND = "calls.recommend", _("推荐申报")
    APPLY = "calls.apply", _("以本单位名义申报、提出需求")
    READ_APPLICATIONS = "calls.read_all", _("查看全部申报")
    # People and trust
    MANAGE_PEOPLE = "people.manage", _("管理机构、账号，提出授权")
    APPROVE_GRANTS = "people.approve", _("批准授权，管理锁定和会话")
    DELEGATE = "people.delegate", _("把本人岗位委托他人")
    READ_AUDIT = "audit.read", _("查看审计记录")
    EXPORT_AUDIT = "audit.export", _("导出和校验审计记录")
