"""Pages of industries and of the product catalogue."""

from xiandao.domains.industries.views.table import IndustryList, industry_page

__all__ = ["IndustryList", "industry_page"]
