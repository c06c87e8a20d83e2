"""One assessor for all tests: it is read-only, and starting one costs a second."""

from __future__ import annotations

import pytest

from nlp.assessor import Assessor

DEPARTMENTS = {
    "示例市住房和城乡建设局": "housing",
    "住建局": "housing",
    "示例市城市管理局": "city_management",
    "城管局": "city_management",
    "市场监管局": "market_supervision",
    "示例市公安局": "police",
}


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    """An assessor of an office in 郑州市."""
    return Assessor(DEPARTMENTS, "410100")
