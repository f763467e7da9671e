"""The data model of Open Badges 3.0 as a table, and the JSON schema that follows from it.

Written from the tables of appendix B of the specification (its properties, their types and how
often each may stand), so that a credential can be held against them wherever the tests run. The
file 1EdTech publishes says the same in two thousand lines.
"""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

#: How often a property stands: exactly once, at most once, a list of any length, a list of at
#: least one, and one or several of which a single one may stand without its list.
ONE, MAYBE, ANY, SOME, LOOSE = "1", "0..1", "0..*", "1..*", "0..* compacted"

#: The number of the specification's appendix is the order here: B.1, and B.4 for the envelope.
CLASSES: dict[str, dict[str, tuple[str, str]]] = {
    "VerifiableCredential": {
        "@context": ("Context", SOME),
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "issuer": ("Profile", ONE),
        "validFrom": ("DateTimeZ", ONE),
        "validUntil": ("DateTimeZ", MAYBE),
        "proof": ("Proof", LOOSE),
        "credentialSchema": ("Typed", LOOSE),
        "credentialStatus": ("Typed", MAYBE),
        "refreshService": ("Typed", MAYBE),
        "termsOfUse": ("TermsOfUse", LOOSE),
    },
    "AchievementCredential": {
        "name": ("String", MAYBE),
        "description": ("String", MAYBE),
        "image": ("Image", MAYBE),
        "awardedDate": ("DateTimeZ", MAYBE),
        "credentialSubject": ("AchievementSubject", ONE),
        "endorsement": ("EndorsementCredential", ANY),
        "endorsementJwt": ("CompactJws", ANY),
        "evidence": ("Evidence", ANY),
    },
    "EndorsementCredential": {
        "name": ("String", ONE),
        "description": ("String", MAYBE),
        "credentialSubject": ("EndorsementSubject", ONE),
        "awardedDate": ("DateTimeZ", MAYBE),
    },
    "AchievementSubject": {
        "id": ("URI", MAYBE),
        "type": ("String", SOME),
        "activityEndDate": ("DateTimeZ", MAYBE),
        "activityStartDate": ("DateTimeZ", MAYBE),
        "creditsEarned": ("Float", MAYBE),
        "achievement": ("Achievement", ONE),
        "identifier": ("IdentityObject", ANY),
        "image": ("Image", MAYBE),
        "licenseNumber": ("String", MAYBE),
        "narrative": ("String", MAYBE),
        "result": ("Result", ANY),
        "role": ("String", MAYBE),
        "source": ("Profile", MAYBE),
        "term": ("String", MAYBE),
    },
    "EndorsementSubject": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "endorsementComment": ("String", MAYBE),
    },
    "Achievement": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "alignment": ("Alignment", ANY),
        "achievementType": ("AchievementType", MAYBE),
        "creator": ("Profile", MAYBE),
        "creditsAvailable": ("Float", MAYBE),
        "criteria": ("Criteria", ONE),
        "description": ("String", ONE),
        "endorsement": ("EndorsementCredential", ANY),
        "endorsementJwt": ("CompactJws", ANY),
        "fieldOfStudy": ("String", MAYBE),
        "humanCode": ("String", MAYBE),
        "image": ("Image", MAYBE),
        "inLanguage": ("LanguageCode", MAYBE),
        "name": ("String", ONE),
        "otherIdentifier": ("IdentifierEntry", ANY),
        "related": ("Related", ANY),
        "resultDescription": ("ResultDescription", ANY),
        "specialization": ("String", MAYBE),
        "tag": ("String", ANY),
        "version": ("String", MAYBE),
    },
    "Alignment": {
        "type": ("String", SOME),
        "targetCode": ("String", MAYBE),
        "targetDescription": ("String", MAYBE),
        "targetName": ("String", ONE),
        "targetFramework": ("String", MAYBE),
        "targetType": ("TargetType", MAYBE),
        "targetUrl": ("URI", ONE),
    },
    "Criteria": {"id": ("URI", MAYBE), "narrative": ("String", MAYBE)},
    "Evidence": {
        "id": ("URI", MAYBE),
        "type": ("String", SOME),
        "narrative": ("String", MAYBE),
        "name": ("String", MAYBE),
        "description": ("String", MAYBE),
        "genre": ("String", MAYBE),
        "audience": ("String", MAYBE),
    },
    "IdentifierEntry": {
        "type": ("String", ONE),
        "identifier": ("String", ONE),
        "identifierType": ("String", ONE),
    },
    "IdentityObject": {
        "type": ("String", ONE),
        "hashed": ("Boolean", ONE),
        "identityHash": ("String", ONE),
        "identityType": ("IdentityType", ONE),
        "salt": ("String", MAYBE),
    },
    "Image": {"id": ("URI", ONE), "type": ("String", ONE), "caption": ("String", MAYBE)},
    "Profile": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "name": ("String", MAYBE),
        "url": ("URI", MAYBE),
        "phone": ("String", MAYBE),
        "description": ("String", MAYBE),
        "endorsement": ("EndorsementCredential", ANY),
        "endorsementJwt": ("CompactJws", ANY),
        "image": ("Image", MAYBE),
        "email": ("String", MAYBE),
        "otherIdentifier": ("IdentifierEntry", ANY),
        "official": ("String", MAYBE),
        "parentOrg": ("Profile", MAYBE),
        "familyName": ("String", MAYBE),
        "givenName": ("String", MAYBE),
    },
    "Related": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "inLanguage": ("LanguageCode", MAYBE),
        "version": ("String", MAYBE),
    },
    "Result": {
        "type": ("String", SOME),
        "achievedLevel": ("URI", MAYBE),
        "alignment": ("Alignment", ANY),
        "resultDescription": ("URI", MAYBE),
        "status": ("ResultStatus", MAYBE),
        "value": ("String", MAYBE),
    },
    "ResultDescription": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "alignment": ("Alignment", ANY),
        "allowedValue": ("String", ANY),
        "name": ("String", ONE),
        "requiredLevel": ("URI", MAYBE),
        "requiredValue": ("String", MAYBE),
        "resultType": ("ResultType", ONE),
        "rubricCriterionLevel": ("RubricCriterionLevel", ANY),
        "valueMax": ("String", MAYBE),
        "valueMin": ("String", MAYBE),
    },
    "RubricCriterionLevel": {
        "id": ("URI", ONE),
        "type": ("String", SOME),
        "alignment": ("Alignment", ANY),
        "description": ("String", MAYBE),
        "level": ("String", MAYBE),
        "name": ("String", ONE),
        "points": ("String", MAYBE),
    },
    "Proof": {
        "type": ("String", ONE),
        "created": ("DateTimeZ", MAYBE),
        "cryptosuite": ("String", MAYBE),
        "challenge": ("String", MAYBE),
        "domain": ("String", MAYBE),
        "nonce": ("String", MAYBE),
        "proofPurpose": ("String", MAYBE),
        "proofValue": ("String", MAYBE),
        "verificationMethod": ("URI", MAYBE),
    },
    "Typed": {"id": ("URI", ONE), "type": ("String", ONE)},
    "TermsOfUse": {"id": ("URI", MAYBE), "type": ("String", ONE)},
}

#: What a class inherits.
PARENTS = {
    "AchievementCredential": "VerifiableCredential",
    "EndorsementCredential": "VerifiableCredential",
}

#: A type of these classes is a list that holds this word, or for a single word: is it.
NAMED = {
    "VerifiableCredential": ("VerifiableCredential",),
    "AchievementCredential": ("AchievementCredential", "OpenBadgeCredential"),
    **{
        name: (name,)
        for name in (
            *("EndorsementCredential", "AchievementSubject", "EndorsementSubject", "Achievement"),
            *("Alignment", "Evidence", "IdentifierEntry", "IdentityObject", "Image", "Profile"),
            *("Related", "Result", "ResultDescription", "RubricCriterionLevel"),
        )
    },
}

#: An extensible list of terms takes a term of one's own behind this.
OWN_TERM = r"^ext:[a-zA-Z0-9._-]+$"


def _terms(words: str, *, extensible: bool = False) -> dict[str, Any]:
    known: dict[str, Any] = {"type": "string", "enum": words.split()}
    if not extensible:
        return known
    return {"anyOf": [known, {"type": "string", "pattern": OWN_TERM}]}


PRIMITIVES: dict[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Float": {"type": "number"},
    "URI": {"type": "string", "pattern": r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$"},
    "Context": {"type": ["string", "object"]},
    "CompactJws": {"type": "string", "pattern": r"^[\w-]+\.[\w-]+\.[\w-]+$"},
    # XML Schema's dateTimeStamp: a zone is required, fractions are not.
    "DateTimeZ": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    },
    "LanguageCode": {
        "type": "string",
        "pattern": r"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    },
    "AchievementType": _terms(
        "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge "
        "BachelorDegree Certificate CertificateOfCompletion Certification CommunityService "
        "Competency Course CoCurricular Degree Diploma DoctoralDegree Fieldwork "
        "GeneralEducationDevelopment JourneymanCertificate LearningProgram License Membership "
        "ProfessionalDoctorate QualityAssuranceCredential MasterCertificate MasterDegree "
        "MicroCredential ResearchDoctorate SecondarySchoolDiploma",
        extensible=True,
    ),
    "TargetType": _terms(
        "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion "
        "CFRubricCriterionLevel CTDL",
        extensible=True,
    ),
    "ResultType": _terms(
        "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result "
        "RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status",
        extensible=True,
    ),
    "ResultStatus": _terms("Completed Enrolled Failed InProgress OnHold Provisional Withdrew"),
    "IdentityType": _terms(
        "name sourcedId systemId productId userName accountId emailAddress "
        "nationalIdentityNumber isbn issn lisSourcedId oneRosterSourcedId sisSourcedId "
        "ltiContextId ltiDeploymentId ltiToolId ltiPlatformId ltiUserId identifier",
        extensible=True,
    ),
}


def properties_of(name: str) -> dict[str, tuple[str, str]]:
    """The properties of a class with those it inherits: name to (type, how often)."""
    parent = PARENTS.get(name)
    return {**(CLASSES[parent] if parent else {}), **CLASSES[name]}


def _property(of: str, often: str) -> dict[str, Any]:
    one = {"$ref": f"#/$defs/{of}"}
    if often in (ONE, MAYBE):
        return one
    several = {"type": "array", "items": one, "minItems": 1}
    return {"anyOf": [one, several]} if often == LOOSE else several


def _class(name: str) -> dict[str, Any]:
    known = properties_of(name)
    properties = {key: _property(*rule) for key, rule in known.items()}
    demands: list[dict[str, Any]] = []
    for ancestor in (name, PARENTS.get(name)):
        words = NAMED.get(ancestor or "")
        if words and known["type"][1] == ONE:
            properties["type"] = {"enum": list(words)}
        elif words:
            demands.append({"properties": {"type": {"contains": {"enum": list(words)}}}})
    made: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": [key for key, (_of, often) in known.items() if often in (ONE, SOME)],
    }
    return made | ({"allOf": demands} if demands else {})


@cache
def validator(name: str = "AchievementCredential") -> Draft202012Validator:
    """What holds a document against the class of this name."""
    defs = {key: _class(key) for key in CLASSES} | PRIMITIVES
    # A profile may stand for itself or be named by its address (ProfileRef); an own id suffices.
    schema = {"$ref": f"#/$defs/{name}", "$defs": defs}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(document: Any, name: str = "AchievementCredential") -> list[str]:
    """What is wrong with a document of this class, as "path: message"; an empty list if nothing."""
    found = validator(name).iter_errors(document)
    return sorted(
        f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message}" for error in found
    )
