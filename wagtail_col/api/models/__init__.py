"""Systems that connect, what learners allowed them, and what keeps that safe."""

from .answers import KeptAnswer
from .applications import Application
from .connections import Connection
from .grants import Grant
from .registrations import RegistrationTry

__all__ = ["Application", "Connection", "Grant", "KeptAnswer", "RegistrationTry"]
