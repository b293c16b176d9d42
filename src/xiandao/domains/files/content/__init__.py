"""What a file is, by its content: the ending of its name is believed only where the content agrees."""

from xiandao.domains.files.content.formats import Format, media_type_of, sniff
from xiandao.domains.files.content.names import clean_name, ending_of

__all__ = ["Format", "clean_name", "ending_of", "media_type_of", "sniff"]
