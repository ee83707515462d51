"""What can go wrong with secrets, said so that a shopkeeper knows what to do next.

None of these ever carries a secret, a passphrase or the backend's own text: errors end up in logs and on screens.
"""

from __future__ import annotations

from posapp.domain.errors import DomainError, SecretsUnavailable
from posapp.domain.messages import N_


class KeyringAbsent(SecretsUnavailable):
    """No keyring of the system answers that we trust with a secret."""

    id = "keyring_absent"
    title = N_("No keychain answers")
    message = N_("This till keeps its secrets in the system's keychain, and no keychain that protects them answers.")
    hint = N_("Log in to the desktop as the user who set the till up, then start the till again. Nothing is lost.")


class KeyringLocked(SecretsUnavailable):
    """The keyring is there but locked."""

    id = "keyring_locked"
    title = N_("The keychain is locked")
    message = N_("The system's keychain is locked and could not be unlocked.")
    hint = N_("Unlock the keychain (usually by logging in to the desktop) and start the till again. Nothing is lost.")


class KeyringSilent(SecretsUnavailable):
    """The keyring did not answer in time; it may still be asking somebody for a password."""

    id = "keyring_silent"
    title = N_("The keychain does not answer")
    message = N_("The system's keychain gave no answer within {seconds} seconds.")
    hint = N_("Look for a window of the keychain that asks for its password, answer it, then try again.")


class KeyringFailed(SecretsUnavailable):
    """The keyring answered with a failure, or did not keep what it was given."""

    id = "keyring_failed"
    title = N_("The keychain failed")
    message = N_("The system's keychain refused the act or did not keep the secret.")
    hint = N_("Restart the computer and try again. The till's log names the kind of failure, never the secret.")


class SecretMissing(SecretsUnavailable):
    """A secret that must exist does not; making a new one would lock the book away for good."""

    id = "secret_missing"
    title = N_("A key of this till is missing")
    message = N_("The keychain does not hold the key ({name}) without which this till's book cannot be read.")
    hint = N_("Put the keys back with the printed recovery code: posapp recover. The book itself is unharmed.")


class SecretDamaged(SecretsUnavailable):
    """A secret is there but is not what was kept."""

    id = "secret_damaged"
    title = N_("A key of this till is damaged")
    message = N_("The keychain holds {name}, but somebody or something changed it.")
    hint = N_("Have the printed recovery code ready and put the keys back: posapp recover.")


class KeychainRecordDamaged(SecretsUnavailable):
    """The small file that says where the secrets live cannot be read."""

    id = "keychain_record_damaged"
    title = N_("It is unclear where the secrets are kept")
    message = N_("The file {file} in the till's home folder is damaged or was made by a newer version.")
    hint = N_("Put the file back from a backup of the home folder, or use the version of posapp that wrote it.")


class VaultMissing(SecretsUnavailable):
    """The record names a vault, but there is no such file."""

    id = "vault_missing"
    title = N_("The vault is missing")
    message = N_("This till keeps its secrets in the file {file}, and that file is not in the home folder.")
    hint = N_("Put the file back from a backup. Without one, use the printed recovery code: posapp recover.")


class VaultDamaged(SecretsUnavailable):
    """The vault's file is cut short or altered; it is left as it is."""

    id = "vault_damaged"
    title = N_("The vault is damaged")
    message = N_("The file {file} was cut short or changed. It was left as it is.")
    hint = N_("Put the file back from a backup. Without one, use the printed recovery code: posapp recover.")


class VaultTooNew(SecretsUnavailable):
    """A newer posapp wrote the file."""

    id = "vault_too_new"
    title = N_("A newer version wrote this file")
    message = N_("The file {file} has format {version}, unknown to this version of posapp. It was left as it is.")
    hint = N_("Install the version of posapp that was used last on this till.")


class VaultUnusable(SecretsUnavailable):
    """The file system does not let us read or write the file."""

    id = "vault_unusable"
    title = N_("The secrets' file cannot be used")
    message = N_("The file {file} could not be read or written.")
    hint = N_("Check that the disk is not full and that this user may write to the till's home folder.")


class VaultPassphraseNeeded(SecretsUnavailable):
    """There is a vault, or there must be one, and nobody gave a passphrase."""

    id = "vault_passphrase_needed"
    title = N_("A passphrase is needed")
    message = N_("No system keychain is used on this till, so its secrets lie in a vault that opens with a passphrase.")
    hint = N_(
        "Start posapp from a terminal and type the passphrase when asked, or set POSAPP_VAULT_PASSPHRASE to it. "
        "At the first start, choose one of at least {shortest} characters and write it down.",
    )


class VaultPassphraseWrong(SecretsUnavailable):
    """The passphrase does not open the vault."""

    id = "vault_passphrase_wrong"
    title = N_("Wrong passphrase")
    message = N_("This passphrase does not open the vault.")
    hint = N_("Mind capital letters and the keyboard's language. If it is lost, use the recovery code: posapp recover.")


class VaultPassphraseShort(DomainError):
    """A new passphrase is too short to protect anything."""

    id = "vault_passphrase_short"
    title = N_("The passphrase is too short")
    message = N_("A vault's passphrase has at least {shortest} characters.")
    hint = N_("Choose a longer one; four or five unrelated words are good.")


class VaultExists(SecretsUnavailable):
    """A new vault would overwrite one that is there."""

    id = "vault_exists"
    title = N_("There is a vault already")
    message = N_("The file {file} exists and was left as it is.")
    hint = N_("Open it with its passphrase.")


class RecoveryCodeMistyped(DomainError):
    """What was typed cannot be a recovery code: a sign is wrong, missing or too many."""

    id = "recovery_code_mistyped"
    title = N_("The recovery code is mistyped")
    message = N_("The code has six groups of five signs; at least one sign is wrong, missing or too many.")
    hint = N_("Compare it with the printed code sign by sign. O and 0, I and 1 count as the same.")


class RecoveryCodeWrong(DomainError):
    """A well-formed code, but not the one of this file."""

    id = "recovery_code_wrong"
    title = N_("This is another recovery code")
    message = N_("The code is typed correctly but does not belong to this till's recovery file.")
    hint = N_("Look for the code printed last; each new code replaces the one before.")


class RecoveryMissing(SecretsUnavailable):
    """There is no recovery file."""

    id = "recovery_missing"
    title = N_("The recovery file is missing")
    message = N_("The file {file} is not there.")
    hint = N_("Put it back from a backup of the till's home folder; the code alone cannot restore the keys.")


class RecoveryDamaged(SecretsUnavailable):
    """The recovery file is cut short or altered; it is left as it is."""

    id = "recovery_damaged"
    title = N_("The recovery file is damaged")
    message = N_("The file {file} was cut short or changed. It was left as it is.")
    hint = N_("Put the file back from a backup of the till's home folder; the printed code then opens it.")


class RecoveryExists(DomainError):
    """A new code would make the printed one worthless."""

    id = "recovery_exists"
    title = N_("There is a recovery code already")
    message = N_("A recovery code was made before; a new one would make the printed one worthless.")
    hint = N_("Keep the printed code, or ask expressly for a new one.")


class RecoveryStale(DomainError):
    """The recovery file holds other keys than those in use."""

    id = "recovery_stale"
    title = N_("The recovery code is out of date")
    message = N_("The recovery code opens its file, but the keys in it are not those this till uses now.")
    hint = N_("Make a new recovery code and print it.")
