from wagtail_col.people.models.ages import AgeBand, Guardian, GuardianConsent
from wagtail_col.people.models.copies import DataCopy

__all__ = ["AgeBand", "DataCopy", "Guardian", "GuardianConsent"]
