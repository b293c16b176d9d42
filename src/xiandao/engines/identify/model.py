"""The scoring model: a multinomial logistic regression on the features, calibrated, with a band for people to review.

Plain numbers, kept as JSON in the policy pack; scoring needs numpy alone. Fitted by ``fit``.
"""

from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the model's probability of "core or service" to one that can be trusted: a line through its log odds.

    It runs between ``floor`` and ``ceiling``: two careful readers do not agree on every pair, however clear its words.
    """

    slope: float
    shift: float
    floor: float = 0.0
    ceiling: float = 1.0

    def of(self, probabilities: Floats) -> Floats:
        """Return the calibrated probability of "core or service" for probabilities of the four roles."""
        line = self.slope * odds(probabilities) + self.shift
        return np.asarray(self.floor + (self.ceiling - self.floor) / (1 + np.exp(-line)))


def odds(probabilities: Floats) -> Floats:
    """Return the log odds of "core or service"."""
    positive = np.clip(probabilities[:, :2].sum(axis=1), _TINY, 1 - _TINY)
    return np.asarray(np.log(positive / (1 - positive)))


@dataclass(frozen=True)
class Model:
    """Weights (roles x features), one constant per role, an offset per role and industry, and the calibration.

    A score of ``accept`` or more is decided "in", under ``reject`` "out", between them "review".
    """

    weights: Floats
    constants: Floats
    offsets: dict[str, Floats]
    calibration: "Calibration"
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
        return self.calibration.of(probabilities)

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
            "calibration": {name: round(float(value), 6) for name, value in asdict(self.calibration).items()},
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
                calibration=Calibration(**{name: float(value) for name, value in data["calibration"].items()}),
                accept=float(data["thresholds"]["accept"]),
                reject=float(data["thresholds"]["reject"]),
                catalogue=str(data["catalogue"]),
                card=dict(data["card"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelMismatchError(f"模型文件不完整：{error}") from error


def _rounded(row: Floats) -> list[float]:
    return [round(float(value), 6) for value in row]
