from shuniu.desk.models.cases import Case
from shuniu.desk.models.lines import LineStaff, ServiceLine

__all__ = ["Case", "LineStaff", "ServiceLine"]
