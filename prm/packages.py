"""Access declarations for URLs that packages bring; see `prm.access`."""

from prm.access import Audience, declare

declare(
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_inactive",
        "mfa_authenticate",
        "account_logout",
    ],
    Audience.PUBLIC,
)
declare(
    [
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    ],
    Audience.SIGNED_IN,
    personal=True,
)
