"""What the catalogue asks and tells; higher floors answer."""

from django.dispatch import Signal

#: Asked before listings are shown: which lines run through them? Sends ``listing_ids`` (a list
#: of primary keys). A receiver returns ``{listing_id: [{"name", "title", "colour", "url"}, ...]}``.
lines_wanted = Signal()
