"""One temperature for a linear classifier, so that its probabilities mean what they say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import check_cv
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data


class TemperatureScaled(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear classifier whose log odds are divided by one temperature, fitted on held-out folds.

    The order of the classes never changes, so that what the linear model says of a feature
    stays exact. `cv`: a number of folds, fewer where a class is rarer, or the folds themselves;
    where there can be none the temperature is 1.
    """

    def __init__(self, estimator: Any = None, cv: Any = 5) -> None:
        self.estimator = estimator
        self.cv = cv

    def fit(self, X: Any, y: Any) -> TemperatureScaled:
        """Fit the temperature on folds held out, then the classifier on everything."""
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, columns = numpy.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("TemperatureScaled needs at least two classes; y holds one class.")
        linear = LogisticRegression() if self.estimator is None else self.estimator
        held_out = list(self._held_out(linear, X, columns))

        def loss(log_temperature: float) -> float:
            scale = math.exp(-log_temperature)
            return -sum(float(_right(scores * scale, at).sum()) for scores, at in held_out)

        self.temperature_ = 1.0
        if held_out:
            found = minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded")
            self.temperature_ = math.exp(float(found.x))
        self.estimator_ = clone(linear).fit(X, y)
        return self

    def _held_out(self, linear: Any, X: Any, columns: Any) -> Iterator[tuple[Any, Any]]:
        """For each fold, the scores of its rows and the column of the true class.

        A row whose class the rest does not hold says nothing of the temperature and is left out.
        """
        cv = self.cv
        if isinstance(cv, int):
            cv = min(cv, int(numpy.bincount(columns).min()))
            if cv < 2:
                return
        for rest, fold in check_cv(cv, columns, classifier=True).split(X, columns):
            if len(numpy.unique(columns[rest])) < 2:
                continue
            fitted = clone(linear).fit(X[rest], columns[rest])
            known = numpy.isin(columns[fold], fitted.classes_)
            if known.any():
                scores = _by_class(fitted.decision_function(X[fold][known]))
                yield scores, numpy.searchsorted(fitted.classes_, columns[fold][known])

    def decision_function(self, X: Any) -> Any:
        """The scaled log odds: one column a class, or one value for two classes."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        return self.estimator_.decision_function(X) / self.temperature_

    def predict_proba(self, X: Any) -> Any:
        """Calibrated probabilities, one column a class."""
        return numpy.exp(_log_softmax(_by_class(self.decision_function(X))))

    def predict(self, X: Any) -> Any:
        """The most likely class."""
        check_is_fitted(self)
        return self.classes_[numpy.argmax(_by_class(self.decision_function(X)), axis=1)]


def _by_class(scores: Any) -> Any:
    if scores.ndim == 1:
        return numpy.column_stack([numpy.zeros_like(scores), scores])
    return scores


def _right(scores: Any, columns: Any) -> Any:
    return _log_softmax(scores)[numpy.arange(len(columns)), columns]


def _log_softmax(scores: Any) -> Any:
    return scores - logsumexp(scores, axis=1, keepdims=True)
