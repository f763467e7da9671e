"""What helpers of these tests assert holds under "python -O" too, as what the tests assert does."""

import pytest

pytest.register_assert_rewrite("tests.lti.opening")
