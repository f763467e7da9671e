"""The settings of django-oauth-toolkit that ``wagtail_col.api`` needs, to be imported into a
site's settings.

Nothing of ours is imported here: it is read before any app is there. ``checks`` says so when a
site's settings are weaker than these.
"""

__all__ = [
    "OAUTH2_PROVIDER",
    "OAUTH2_PROVIDER_APPLICATION_MODEL",
    "OAUTH2_PROVIDER_GRANT_MODEL",
]

OAUTH2_PROVIDER_APPLICATION_MODEL = "col_api.Application"
OAUTH2_PROVIDER_GRANT_MODEL = "col_api.Grant"

#: Seconds. A code is used at once; an access token is short-lived, a refresh token ends when it
#: was not used for 90 days.
CODE_LIFETIME = 60
ACCESS_LIFETIME = 60 * 60
REFRESH_LIFETIME = 90 * 24 * 60 * 60

#: What may not be weaker than here (RFC 9700).
REQUIRED = {
    "OAUTH2_VALIDATOR_CLASS": "wagtail_col.api.validator.Validator",
    "OAUTH2_SERVER_CLASS": "wagtail_col.api.server.Server",
    "SCOPES_BACKEND_CLASS": "wagtail_col.api.scopes.Scopes",
    "PKCE_REQUIRED": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "ALLOW_URI_WILDCARDS": False,
    "DCR_ENABLED": False,
    "CIMD_ENABLED": False,
    "OIDC_ENABLED": False,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

OAUTH2_PROVIDER = {
    **REQUIRED,
    # 380 bits; people copy it from one page to another.
    "CLIENT_SECRET_GENERATOR_LENGTH": 64,
    "APPLICATION_ADMIN_CLASS": "wagtail_col.api.admin.ApplicationAdmin",
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": CODE_LIFETIME,
    "ACCESS_TOKEN_EXPIRE_SECONDS": ACCESS_LIFETIME,
    "REFRESH_TOKEN_EXPIRE_SECONDS": REFRESH_LIFETIME,
    # Add "http" on your own machine alone: it is then taken for loopback addresses, and nowhere
    # else; "check --deploy" calls it an error.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "ALLOWED_SCHEMES": ["https"],
}
