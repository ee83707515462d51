"""The one tree of errors (design, section 9).

Each class is one thing that can go wrong, with a stable `id` and three sentences for a person: what happened
(`title`), the particulars (`message`), what to do next (`hint`). Foreign exceptions are translated into this tree once,
at the edge where they appear, with the cause chained. `str()` of an error is its id alone: the parameters may hold a
name or a phone number, and exceptions end up in logs.
"""

from __future__ import annotations

from typing import ClassVar

from posapp.domain.messages import N_, Message


class PosError(Exception):
    """Root of everything posapp raises on purpose."""

    id: ClassVar[str] = "error"
    title: ClassVar[str] = N_("Something went wrong")
    message: ClassVar[str] = N_("The act was not carried out.")
    hint: ClassVar[str] = N_("Try again; if it happens again, look at the log in the till's home folder.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.id)
        self.params = params

    @property
    def title_message(self) -> Message:
        """What happened, in a few words."""
        return Message(self.title, self.params)

    @property
    def detail(self) -> Message:
        """The particulars, with this case's names and amounts."""
        return Message(self.message, self.params)

    @property
    def next_step(self) -> Message:
        """What the person can do now."""
        return Message(self.hint, self.params)


class Bug(PosError):
    """Something that we did wrong; the particulars are in the log, without personal data."""

    id = "bug"
    message = N_("The act stopped at a fault of this program. What was shown as saved is safe.")


class DomainError(PosError):
    """A rule of the shop refused the act; nothing was recorded."""

    id = "refused"
    title = N_("Not possible")
    hint = N_("Correct the entry and try again.")


class RemoteError(PosError):
    """Something about the customer server."""

    id = "remote"


class RemoteUnavailable(RemoteError):
    """The server cannot be reached or does not answer in time."""

    id = "server_unreachable"
    title = N_("The server cannot be reached")
    message = N_("The customer server did not answer.")
    hint = N_("Everything recorded is safe on this till and goes out by itself once the server answers.")


class RemoteRejected(RemoteError):
    """The server answered that it will not do it; nothing was applied there."""

    id = "server_refused"
    title = N_("The server refused")
    message = N_("The customer server refused the request (status {status}).")
    hint = N_("Look at the inbox: it shows what was meant and what the server said.")


class RemoteProtocolError(RemoteError):
    """The server's answer is not what its API promises."""

    id = "server_answer_wrong"
    title = N_("The server's answer makes no sense")
    message = N_("What came back is not an answer of this customer API. A login page of the network may be in between.")
    hint = N_("Check the address and the network; nothing of the answer was taken over.")


class OtherStore(RemoteProtocolError):
    """The server shows none of the customers that it showed before."""

    id = "other_store"
    title = N_("This is another shop's server")
    message = N_("The server does not know any of the customers that it showed before. Nothing was taken over or sent.")
    hint = N_("Check the address and the token: posapp connect. Everything recorded is safe on this till.")


class ServerWentBack(RemoteProtocolError):
    """The server stands at an older state than it had shown."""

    id = "server_went_back"
    title = N_("The server was put back to an older state")
    message = N_("The server has lost what it showed before. Nothing is sent until a manager decides.")
    hint = N_("What it lost is being found out and comes into the inbox. Everything recorded is safe on this till.")


class SignInRequired(RemoteError):
    """The credential is missing, expired or refused; the connection pauses, the till does not."""

    id = "sign_in_required"
    title = N_("Sign-in needed")
    message = N_("The server {name} does not accept this till's credential.")
    hint = N_("Connect again with a valid token: posapp connect. Nothing recorded is lost.")


class SyncHung(PosError):
    """The worker that talks to the server made no step for too long."""

    id = "sync_hung"
    title = N_("Sync stood still and was begun anew")
    message = N_("Nothing went to the server or came from it for a while. It goes on anew; nothing is lost or doubled.")
    hint = N_("If this comes again, start the till anew and send the log to whoever helps you.")


class StoreUnavailable(PosError):
    """The local book cannot be opened or written now."""

    id = "store_unavailable"
    title = N_("The book cannot be used")
    message = N_("The till's book could not be opened or written.")
    hint = N_("Check the disk and the folder's permissions. What was shown as saved is safe.")


class CommitUnknown(StoreUnavailable):
    """The disk gave an error at the last step and goes on failing: the act may be there or not."""

    id = "commit_unknown"
    title = N_("It is not certain that this was saved")
    message = N_("The disk gave an error just as the act was being saved to {path}, and still does.")
    hint = N_("Look at the last entries once the disk works again, before you record it anew. Have the disk checked.")


class StoreCorrupt(StoreUnavailable):
    """The local book is damaged or is not ours."""

    id = "store_corrupt"
    title = N_("The book is damaged")
    message = N_("The file {path} is not a readable book of this till.")
    hint = N_("Do not delete it. Restore the last backup: posapp restore FILE.")


class SecretsUnavailable(PosError):
    """The keychain does not answer or lacks a secret that must exist."""

    id = "secrets_unavailable"
    title = N_("The keychain does not answer")
    message = N_("The till's secrets could not be read.")
    hint = N_("Unlock the system's keychain, or set up the vault with a passphrase.")


class DisplayUnavailable(PosError):
    """The window cannot be shown here; the command line works all the same."""

    id = "display_unavailable"
    title = N_("The window cannot be shown")
    message = N_("The window cannot be shown here.")
    hint = N_("Everything works on the command line too: posapp --help.")


class DocumentError(PosError):
    """A document could not be made or read."""

    id = "document"
    title = N_("The document could not be made")


class Cancelled(PosError):
    """A person or a shutdown ended the work; nothing is wrong."""

    id = "cancelled"
    title = N_("Cancelled")
    message = N_("The work was ended before it was done.")
    hint = N_("What was done until then is kept.")
