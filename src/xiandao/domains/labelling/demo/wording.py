"""Words of the demonstration's review."""

MARK = "（演示）"
FINISHED = f"第一批随机复核{MARK}"
OPEN = f"第二批复核{MARK}"
RULING = "按登记的经营范围，以动词与产品是否绑定为准裁定。"
OBJECTIONS = (
    f"本单位近年已开展该产业的检测和运维服务，经营范围尚未变更，请予认定。{MARK}",
    f"本单位主要从事该产业产品的运营和专门服务，不从事制造，请改为服务类企业。{MARK}",
)
ANSWER = "经核，现行登记的经营范围中没有该产业的产品或服务，识别以登记内容为准。完成变更登记后可以再次提出。"
NOTES = (f"写有研发、生产{MARK}", "")
