"""What other rooms use of the service desk."""

from __future__ import annotations

from shuniu.desk.models import Case, LineStaff, ServiceLine

__all__ = ["Case", "LineStaff", "ServiceLine"]
