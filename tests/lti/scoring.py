"""A score as a course sends it, and sending it."""

from tests.lti import calls


def score(learner, **changes):
    said = {
        "userId": str(learner.sub),
        "timestamp": "2026-05-04T10:20:30.123Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 9,
        "scoreMaximum": 10,
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


def post(caller, line_item, body, content_type=calls.SCORE_TYPE):
    return caller.post(calls.service_url("scores", line_item.key), body, content_type)
