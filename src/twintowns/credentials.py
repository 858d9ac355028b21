"""Who asks another machine: a user with a password, or a token, as the environment says.

Sources: https://www.rfc-editor.org/rfc/rfc7617 (basic), https://www.rfc-editor.org/rfc/rfc6750 (bearer).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from twintowns.exceptions import CredentialsError

_VARIABLES: Final = ("TWINTOWNS_USER", "TWINTOWNS_PASSWORD", "TWINTOWNS_TOKEN")
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]*")


@dataclass(frozen=True)
class Credentials:
    """Who asks, as the environment says; nothing of it is ever shown.

    Attributes:
        user: The name of a user, with a password; empty where there is none.
        password: The password.
        token: A bearer token, in the place of both.
    """

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def are_there(self) -> bool:
        """Whether there is a secret that the other side may echo, in whatever form."""
        return bool(self.password or self.token)


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """Return who asks, by `TWINTOWNS_USER` and `TWINTOWNS_PASSWORD`, or `TWINTOWNS_TOKEN`.

    Raises:
        CredentialsError: If they are incomplete, or hold what no header can.
    """
    user, password, token = (environment.get(name, "") for name in _VARIABLES)
    variables = ", ".join(_VARIABLES)
    if bool(user) != bool(password) or (user and token):
        raise CredentialsError(
            variables,
            "the environment variables give only half of the login, or give it twice",
            "set user and password, or a token alone",
        )
    is_sendable = (user + password).isprintable() and not set(user) & set(':"\\')
    if not is_sendable or not _TOKEN.fullmatch(token):
        raise CredentialsError(
            variables,
            "one of these holds a character that cannot be sent",
            "see that no line end or blank was copied along",
        )
    return Credentials(user, password, token)
