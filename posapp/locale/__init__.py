"""Languages: the Translator that turns messages into sentences, and the gettext catalogues."""
