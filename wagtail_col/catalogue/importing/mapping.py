"""Which column of a table is which fact: guessed from its heading, remembered for each source."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext_lazy as _

from wagtail_col.catalogue.words import words

#: Facts a column can be, with what people call them. Texts of several columns of one fact are
#: put together where it is in ``JOINED``; of the others one column is taken.
FIELDS = {
    "id": _("Number or identity in the source"),
    "uri": _("Identity as a web address"),
    "title": _("Title"),
    "summary": _("Summary"),
    "description": _("Description"),
    "url": _("Web address"),
    "image": _("Picture"),
    "kind": _("Kind"),
    "category": _("Subject or category"),
    "start": _("Start (day, or day and time)"),
    "start_time": _("Time of the start"),
    "end": _("End (day, or day and time)"),
    "end_time": _("Time of the end"),
    "dates": _("All dates"),
    "weekdays": _("Days of the week"),
    "except_days": _("Days without it"),
    "minutes": _("Minutes"),
    "venue": _("Venue"),
    "address": _("Address"),
    "district": _("District"),
    "lat": _("Latitude"),
    "lon": _("Longitude"),
    "online": _("Online"),
    "free": _("Free"),
    "price": _("Price"),
    "currency": _("Currency"),
    "age_min": _("From age"),
    "age_max": _("To age"),
    "audience": _("For whom"),
    "languages": _("Languages it is held in"),
    "accessibility": _("What helps to take part"),
    "language": _("Language of the texts"),
}
JOINED = frozenset({"address", "category", "audience", "description", "accessibility"})

#: How columns are called, folded to words: Madrid's open data, schema.org, ours, and what people
#: write in English, Spanish, Slovene, German, French, Italian and Portuguese.
_NAMES = {
    "id": "id|identifier|id evento|uid|guid|code|codigo|numero|nr|no|number|stevilka|sifra|"
    "referencia|reference|id actividad|event id|course id|kursnummer|identifiant|codice",
    "uri": "uri|canonical uri|canonical url|same as",
    "title": "title|titulo|name|nombre|naslov|naziv|ime|titel|titre|titolo|nome|bezeichnung|"
    "event|evento|event name|event title|dogodek|veranstaltung|summary title|actividad|activity|"
    "course|curso|tecaj|kurs|cours|intitule",
    "summary": "summary|resumen|povzetek|abstract|extracto|kurzbeschreibung|subtitle|subtitulo|"
    "podnaslov|sommario|resume|resumo|short description|descripcion corta|kratek opis",
    "description": "description|descripcion|opis|beschreibung|descrizione|descricao|details|"
    "detalle|detalles|text|texto|besedilo|inhalt|contenido|content",
    "url": "url|link|enlace|content url|web|website|web page|povezava|spletna stran|webseite|"
    "sitio web|pagina web|lien|site|site web|sito|event url|course url|homepage|url evento",
    "image": "image|imagen|picture|slika|bild|foto|photo|image url|immagine|imagem",
    "kind": "kind|type|clase|vrsta|art|event type|genre",
    "category": "category|categoria|categories|categorias|tipo|tema|theme|subject|topic|kategorija|"
    "podrocje|kategorie|thema|tags|etiquetas|keywords|interest|interests|interes|intereses|"
    "zanimanje|zanimanja|categorie|materia",
    "start": "start|starts|start date|startdate|begin|begins|from|date|day|fecha|fecha inicio|"
    "fecha de inicio|inicio|desde|zacetek|datum|datum zacetka|od|beginn|startdatum|anfang|dtstart|"
    "date debut|debut|data inizio|inizio|data|data inicio|starts at|date start|start datetime|when",
    "start_time": "time|start time|starttime|hora|hora inicio|hora de inicio|ura|ura zacetka|"
    "uhrzeit|beginn uhrzeit|heure|heure debut|ora|ora inizio",
    "end": "end|ends|end date|enddate|until|to|fecha fin|fecha de fin|fin|hasta|konec|datum konca|"
    "do|ende|enddatum|dtend|date fin|data fine|fine|data fim|ends at|date end|end datetime",
    "end_time": "end time|endtime|hora fin|hora de fin|ura konca|ende uhrzeit|heure fin|ora fine",
    "dates": "dates|all dates|fechas|datumi|termine|occurrences",
    "weekdays": "weekdays|days of week|dias semana|dias de la semana|dnevi|wochentage|days|dias|"
    "byday",
    "except_days": "except|except days|excluded days|dias excluidos|exceptions|razen",
    "minutes": "minutes|minutos|minute|duration|duracion|trajanje|dauer|duree|durata",
    "venue": "venue|location|place|lugar|nombre instalacion|prizorisce|kraj|lokacija|ort|lieu|"
    "luogo|local|location name|venue name|centro|instalacion|veranstaltungsort|sala",
    "address": "address|direccion|naslov lokacije|adresse|anschrift|indirizzo|endereco|street|"
    "clase vial instalacion|nombre via instalacion|num instalacion|codigo postal instalacion|"
    "street address|calle|ulica|strasse|postcode|postal code|zip|codigo postal|postna stevilka|plz|"
    "location address|venue address|ulica in hisna stevilka",
    "district": "district|distrito|distrito instalacion|okraj|cetrtna skupnost|bezirk|obcina|"
    "municipality|municipio|commune|comune|borough",
    "lat": "lat|latitude|latitud|zemljepisna sirina|breitengrad|latitudine|geo lat|y wgs84",
    "lon": "lon|lng|long|longitude|longitud|zemljepisna dolzina|langengrad|laengengrad|longitudine|"
    "geo lon|geo lng|x wgs84",
    "online": "online|is online|en linea|na spletu|spletno|virtual|event attendance mode|"
    "attendance mode|modalidad|mode|course mode",
    "free": "free|is free|gratuito|gratis|brezplacno|kostenlos|gratuit|is accessible for free|"
    "entrada libre",
    "price": "price|precio|cena|preis|prix|prezzo|preco|cost|coste|kosten|fee|tarifa|vstopnina",
    "currency": "currency|moneda|valuta|waehrung|wahrung|devise|price currency",
    "age_min": "age min|min age|from age|edad minima|starost od|alter von|age from|minimum age",
    "age_max": "age max|max age|to age|edad maxima|starost do|alter bis|age to|maximum age",
    "audience": "audience|audiencia|for whom|publico|destinatarios|ciljna skupina|zielgruppe|"
    "public|pubblico|age|ages|edad|edades|starost|alter|typical age range|age range",
    "languages": "languages|idiomas|language|idioma|jezik|jeziki|sprache|sprachen|langue|lingua|"
    "in language|delivery language|delivery languages",
    "accessibility": "accessibility|access|accesibilidad|accesibilidad instalacion|dostopnost|"
    "barrierefreiheit|accessibilite|accessibilita|acessibilidade|step free|wheelchair",
    "language": "text language|content language|idioma del texto|jezik besedila|textsprache",
}


@cache
def _by_name() -> dict[str, str]:
    # Of two facts with one name the earlier is meant.
    return {
        name: field for field in reversed(FIELDS) for name in _NAMES.get(field, "").split("|")
    } | {field.replace("_", " "): field for field in FIELDS}


def guess(columns: list[str]) -> dict[str, str]:
    """Facts by column, for the columns whose heading is known. Of several for one fact the first
    is taken, unless they are put together."""
    mapping: dict[str, str] = {}
    for column in columns:
        field = _by_name().get(" ".join(words(column)))
        if field and (field in JOINED or field not in mapping.values()):
            mapping[column] = field
    return mapping


def completed(known: dict[str, str], columns: list[str]) -> dict[str, str]:
    """The mapping of these columns: as remembered, and guessed for those that are new.

    In ``known`` an empty fact says that a column is left out.
    """
    mapping = {column: known[column] for column in columns if known.get(column) in FIELDS}
    for column, field in guess([column for column in columns if column not in known]).items():
        if field in JOINED or field not in mapping.values():
            mapping[column] = field
    return mapping


class Mapped:
    """The mapping over one table: where in a row each fact's cells are."""

    def __init__(self, columns: list[str], mapping: dict[str, str]) -> None:
        self.columns = columns
        self.places: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            if field := mapping.get(column):
                self.places.setdefault(field, []).append(place)

    def __contains__(self, field: str) -> bool:
        return field in self.places

    def cells(self, cells: list[str], field: str) -> list[tuple[str, str]]:
        """Column and text of the cells of one fact that are not empty."""
        return [
            (self.columns[place], said)
            for place in self.places.get(field, ())
            if place < len(cells) and (said := cells[place].strip())
        ]

    def one(self, cells: list[str], field: str) -> tuple[str, str]:
        """Column and text of a fact that has one column; both empty where it says nothing."""
        places = self.places.get(field)
        if not places:
            return "", ""
        for place in places:
            if place < len(cells) and (said := cells[place].strip()):
                return self.columns[place], said
        return self.columns[places[0]], ""

    def joined(self, cells: list[str], field: str, divider: str = ", ") -> str:
        return divider.join(said for _column, said in self.cells(cells, field))

    def column(self, field: str) -> str:
        """The heading of a fact's first column; empty where no column is it."""
        places = self.places.get(field)
        return self.columns[places[0]] if places else ""
