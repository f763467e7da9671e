from wagtail.admin.panels import FieldPanel


class AddressPanel(FieldPanel):
    pass


class PointPanel(FieldPanel):
    def __init__(self, *args, address_field="", **kwargs):
        super().__init__(*args, **kwargs)
