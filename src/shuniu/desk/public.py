"""What other rooms use of the service desk."""

from __future__ import annotations

from shuniu.desk.models import Case, LineStaff, LineVersion, ServiceLine

__all__ = ["Case", "LineStaff", "LineVersion", "ServiceLine"]
