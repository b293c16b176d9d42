"""The scoring model: a multinomial logistic regression on the features, calibrated, with a band for people to review.

Plain numbers, kept as JSON in the policy pack; scoring needs numpy alone. Fitted by ``fit``.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.identify.features import NAMES

Floats = NDArray[np.float64]
Role = Literal["core", "service", "trade", "mention"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""The roles, in the order of the model's columns: develops or makes; serves; sells; only mentions."""
Decision = Literal["in", "review", "out"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
_TINY: Final = 1e-9


class ModelMismatchError(ValueError):
    """A model that was fitted for other features, or a file that is no model."""


@dataclass(frozen=True)
class Model:
    """Weights (roles x features), one constant per role, an offset per role and industry, and a calibration line.

    ``slope`` and ``shift`` map the log odds of "core or service" to calibrated log odds. A score of ``accept`` or
    more is
    decided "in", under ``reject`` "out", between them "review".
    """

    weights: Floats
    constants: Floats
    offsets: dict[str, Floats]
    slope: float
    shift: float
    accept: float
    reject: float
    catalogue: str
    card: dict[str, Any]

    def probabilities(self, values: Floats, industries: NDArray[np.str_]) -> Floats:
        """Return the probability of each role (pairs x 4) for feature values (pairs x features)."""
        logits = values @ self.weights.T + self.constants
        none = np.zeros(len(ROLES))
        known, index = np.unique(industries, return_inverse=True)
        if len(known):
            logits += np.stack([self.offsets.get(str(code), none) for code in known])[index]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def scores(self, probabilities: Floats) -> Floats:
        """Return the calibrated probability that each pair is core or service."""
        return calibrated(probabilities, self.slope, self.shift)

    def decisions(self, scores: Floats) -> NDArray[np.int8]:
        """Return the index in DECISIONS for each score."""
        return np.where(scores >= self.accept, 0, np.where(scores >= self.reject, 1, 2)).astype(np.int8)

    def roles(self, probabilities: Floats, decisions: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return the index in ROLES of the likeliest role that the decision leaves open."""
        open_ = np.ones((3, len(ROLES)), np.bool_)
        open_[0, 2:] = False
        open_[2, :2] = False
        return np.asarray(np.where(open_[decisions], probabilities, -1.0).argmax(axis=1), np.int8)

    def to_json(self) -> dict[str, Any]:
        """Return the model as plain data, numbers rounded to six digits."""
        return {
            "features": list(NAMES),
            "roles": list(ROLES),
            "weights": {role: _rounded(row) for role, row in zip(ROLES, self.weights, strict=True)},
            "constants": dict(zip(ROLES, _rounded(self.constants), strict=True)),
            "offsets": {code: _rounded(row) for code, row in sorted(self.offsets.items())},
            "calibration": {"slope": round(self.slope, 6), "shift": round(self.shift, 6)},
            "thresholds": {"accept": round(self.accept, 4), "reject": round(self.reject, 4)},
            "catalogue": self.catalogue,
            "card": self.card,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the model in ``data``. Raises ModelMismatchError where features or roles are not those of this
        engine.
        """
        if tuple(data.get("features", ())) != NAMES or tuple(data.get("roles", ())) != ROLES:
            raise ModelMismatchError("模型所用的特征与程序不一致，请用 xiandao identify-fit 重新拟合")
        try:
            return cls(
                weights=np.array([data["weights"][role] for role in ROLES], np.float64),
                constants=np.array([data["constants"][role] for role in ROLES], np.float64),
                offsets={code: np.array(row, np.float64) for code, row in data["offsets"].items()},
                slope=float(data["calibration"]["slope"]),
                shift=float(data["calibration"]["shift"]),
                accept=float(data["thresholds"]["accept"]),
                reject=float(data["thresholds"]["reject"]),
                catalogue=str(data["catalogue"]),
                card=dict(data["card"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelMismatchError(f"模型文件不完整：{error}") from error


def calibrated(probabilities: Floats, slope: float, shift: float) -> Floats:
    """Return the calibrated probability of "core or service" for probabilities of the four roles."""
    positive = np.clip(probabilities[:, :2].sum(axis=1), _TINY, 1 - _TINY)
    odds = np.log(positive / (1 - positive))
    return np.asarray(1 / (1 + np.exp(-(slope * odds + shift))))


def _rounded(row: Floats) -> list[float]:
    return [round(float(value), 6) for value in row]
