"""What can be wrong with the manager's PIN. None of these tells a digit of it."""

from __future__ import annotations

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_


class PinNotSet(DomainError):
    """Nobody chose a PIN yet."""

    id = "pin_not_set"
    title = N_("No manager's PIN yet")
    message = N_("This act needs the manager's PIN, and none was chosen on this till.")
    hint = N_("Choose one in the settings.")


class PinAlreadySet(DomainError):
    """A PIN is changed with the old one or reset with the recovery code, never simply replaced."""

    id = "pin_already_set"
    title = N_("There is a manager's PIN already")
    message = N_("A PIN was chosen before.")
    hint = N_("Change it with the old PIN, or reset it with the recovery code.")


class PinMalformed(DomainError):
    """What was typed cannot be a PIN."""

    id = "pin_malformed"
    title = N_("This is not a PIN")
    message = N_("A PIN is {least} to {most} digits and nothing else.")
    hint = N_("Type digits only; those of your own script are fine.")


class PinTooEasy(DomainError):
    """A PIN that everybody tries first."""

    id = "pin_too_easy"
    title = N_("This PIN is too easy")
    message = N_("PINs like 123456, 000000 or 121212 are what everybody tries first.")
    hint = N_("Choose digits without a pattern.")


class PinWrong(DomainError):
    """The PIN is not the manager's."""

    id = "pin_wrong"
    title = N_("Wrong PIN")
    message = N_("The PIN is wrong. Tries left before a pause: {tries_left}.")
    hint = N_("Try again, or ask the manager.")


class PinLocked(DomainError):
    """Too many wrong PINs; a pause must pass with the computer running."""

    id = "pin_locked"
    title = N_("Too many wrong PINs")
    message = N_("The next try is possible in {wait} (minutes:seconds).")
    hint = N_("Leave the computer on and wait; a restart or another clock does not shorten it.")


class PinBlocked(DomainError):
    """The last try is used up; only the recovery code helps."""

    id = "pin_blocked"
    title = N_("The PIN is blocked")
    message = N_("There were {failures} wrong PINs in a row, so the PIN is not accepted any more.")
    hint = N_("Choose a new PIN with the printed recovery code.")
