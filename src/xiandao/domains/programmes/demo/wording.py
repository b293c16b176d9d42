"""What the invented applications say. Every firm, person and number here is made up."""

from typing import Any

MARK = "（演示）"
FIRMS = (
    ("demo-apply-1", f"示例量子测量有限公司{MARK}", "quantum"),
    ("demo-apply-2", f"示例储能材料有限公司{MARK}", "energy-storage"),
    ("demo-apply-3", f"示例仿生机器人有限公司{MARK}", "humanoid"),
)
TITLES = ("高精度磁场测量关键技术", "长寿命固态储能材料", "柔性关节一体化驱动")
CALL_TEXT = (
    "一、支持方向：面向“10+X”未来产业的前沿引领技术、颠覆性技术。\n"
    "二、申报单位在线填写，截止时间以服务器时间为准。\n"
    "三、经所在设区市对口部门推荐后评审。"
)
CONTACT = f"王联系{MARK} 025-00000000"
NEED_TITLE = f"燃料电池低铂催化剂{MARK}"
NEED_PROBLEM = "现有催化剂铂用量高、耐久不足，制约电堆成本下降。需在不降低功率密度的前提下减少铂用量。"
FILE_NAME = "证明材料（演示）.txt"
FILE_TEXT = "本文件为演示材料，内容虚构。"
CORRECTION = "完成时技术就绪度与考核指标不一致，请核对后更正。"


def answers(title: str, industry: str, name: str, region: str) -> dict[str, Any]:
    """Return a complete application to the frontier programme."""
    return {
        "org_name": name,
        "founded_on": "2017-06-08",
        "place": region,
        "industries": [industry],
        "contact_name": f"何申报{MARK}",
        "contact_phone": "025-00000000",
        "has_breach": "no",
        "title": f"{title}{MARK}",
        "track": "前沿引领技术",
        "readiness_now": "3",
        "readiness_then": "6",
        "base": "已完成实验室样机，关键指标经第三方检测。",
        "ethics": "no",
        "leader": f"沈负责{MARK}",
        "leader_results": "发明专利三件，牵头制定团体标准一项。",
        "members": [{"name": f"许成员{MARK}", "unit": name, "title": "高级工程师", "task": "样机"}],
        "background": "国外已有样机，国内处于跟踪阶段。",
        "goals": "完成工程样机并在两个场景验证。",
        "route": "先突破核心部件，再做系统集成与可靠性验证。",
        "indicators": [
            {"name": "主要指标", "unit": "", "now": "1", "value": "3", "method": "第三方检测", "veto": "yes"}
        ],
        "milestones": [{"until": "2027-06-30", "what": "部件定型", "proof": "检测报告"}],
        "starts_on": "2026-07-01",
        "ends_on": "2028-06-30",
        "total": "800万元",
        "asked": "300万元",
        "own": "500万元",
        "budget": [{"head": "设备费", "granted": "100万元", "own": "300万元", "basis": "询价"}],
        "promise_true": "yes",
        "no_secret": "yes",
    }
