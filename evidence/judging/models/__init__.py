"""What judging keeps: outcomes as intervals, exceptions, thresholds in force, look-backs, checks of one's own."""

from .custom import CustomCheck, CustomCheckVersion
from .exceptions import CheckException, ExceptionDecision, Verdict
from .past import LookBack
from .states import OUTCOMES, CheckState, ResourceInterval
from .thresholds import ThresholdSetting

__all__ = [
    "OUTCOMES", "CheckException", "CheckState", "CustomCheck", "CustomCheckVersion", "ExceptionDecision", "LookBack",
    "ResourceInterval", "ThresholdSetting", "Verdict",
]  # fmt: skip
