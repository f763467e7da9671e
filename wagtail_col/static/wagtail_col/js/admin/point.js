// The map of a point: wagtailgeowidget's field with Leaflet from this site. The text field is the
// value; the map is another way to write it. Nothing is read from elsewhere unless the site set
// map tiles.
(() => {
  const { L, LeafletField } = window;
  // Without tiles there is nothing to see nearer than the boundaries of districts.
  const ZOOM = { tiles: 16, outlines: 13, names: 11 };
  const files = new Map();

  // Each file once a page, however many maps there are; a map without its base is still a map.
  function geojson(url) {
    if (!files.has(url)) {
      files.set(
        url,
        fetch(url, { credentials: 'same-origin' })
          .then((response) => (response.ok ? response.json() : null))
          .catch(() => null),
      );
    }
    return files.get(url);
  }

  class PointField extends LeafletField {
    constructor(options) {
      const zoom = options.tiles ? ZOOM.tiles : ZOOM.outlines;
      super({ ...options, defaultLocation: {}, translations: options.messages, zoom });
      this.options = options;
      this.latLngField = this.sourceField;
      this.input = this.sourceField[0];
      this.message = document.getElementById(`${options.id}_message`);
      this.setup();
    }

    setup() {
      if (!this.options || this.hasSetup) return;
      this.hasSetup = true;
      const element = this.mapEl[0];
      const buttons = document.getElementById(`${this.options.id}_buttons`);
      element.hidden = false;
      buttons.hidden = false;
      this.initMap(element);
      this.initEvents(element, buttons);
      this.read({ quietly: true });
      // A map in a closed panel or tab has no size until it is seen.
      let seen = false;
      new ResizeObserver(() => {
        this.map.invalidateSize();
        if (seen || !element.clientWidth) return;
        seen = true;
        this.look();
        this.read({ quietly: true });
      }).observe(element);
    }

    look() {
      const [west, south, east, north] = this.options.box;
      this.map.fitBounds([[south, west], [north, east]], { animate: false });
    }

    initMap(element) {
      const { tiles, messages } = this.options;
      this.map = L.map(element, {
        attributionControl: Boolean(tiles),
        zoomControl: false,
        scrollWheelZoom: false,
        worldCopyJump: true,
        minZoom: 2,
        maxZoom: 19,
      });
      L.control.zoom({ zoomInTitle: messages.zoomIn, zoomOutTitle: messages.zoomOut }).addTo(this.map);
      element.setAttribute('role', 'application');
      element.setAttribute('aria-label', messages.map);
      this.look();
      this.addBase();
      this.marker = L.marker(this.map.getCenter(), {
        draggable: true,
        keyboard: false,
        title: messages.marker,
        alt: messages.marker,
        icon: L.divIcon({ className: 'col-pick__pin', iconSize: [30, 40], iconAnchor: [15, 40] }),
      });
    }

    addBase() {
      const { tiles, base, boundaries } = this.options;
      if (tiles) {
        L.tileLayer(tiles.url, {
          attribution: tiles.attribution,
          maxZoom: tiles.max_zoom || 19,
          referrerPolicy: 'origin',
        }).addTo(this.map);
        return;
      }
      const layer = (className, onEachFeature) => (data) =>
        data && L.geoJSON(data, { className, interactive: false, onEachFeature }).addTo(this.map);
      geojson(base)
        .then(layer('col-pick__land'))
        .then(() => geojson(boundaries))
        .then(layer('col-pick__territory', (feature, area) => this.name(feature, area)));
      const near = () =>
        this.mapEl[0].classList.toggle('col-pick__map--near', this.map.getZoom() >= ZOOM.names);
      this.map.on('zoomend', near);
      near();
    }

    name(feature, area) {
      if (!feature.properties.name) return;
      const words = document.createElement('span');
      words.textContent = feature.properties.name;
      const className = 'col-pick__name';
      area.bindTooltip(words, { permanent: true, direction: 'center', className, opacity: 1 });
    }

    initEvents(element, buttons) {
      this.marker.on('dragend', () => this.place(this.marker.getLatLng()));
      this.map.on('click', (event) => this.place(event.latlng));
      this.input.addEventListener('input', () => this.read({ quietly: false }));
      this.input.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') event.preventDefault();
      });
      buttons
        .querySelector('[data-col-point-middle]')
        .addEventListener('click', () => this.place(this.map.getCenter()));
      buttons.querySelector('[data-col-point-clear]').addEventListener('click', () => {
        this.write('');
        this.read({ quietly: true });
      });
      this.addressField.on('searchGeocoded', (_event, latLng) => {
        this.place(L.latLng(latLng.lat, latLng.lng));
        this.show(this.marker.getLatLng());
      });
    }

    // The text field is written, then read back: both ways of setting a point end the same.
    place(latLng) {
      const { lat, lng } = latLng.wrap();
      this.write(`${lat.toFixed(6)}, ${lng.toFixed(6)}`);
      this.read({ quietly: true, stay: true });
    }

    write(text) {
      this.input.value = text;
      // Wagtail notices unsaved changes and saves by itself on these.
      this.input.dispatchEvent(new Event('change', { bubbles: true }));
    }

    read({ quietly, stay = false }) {
      const text = this.input.value.trim();
      const latLng = text ? this.parseStrToLatLng(text) : null;
      const outside = latLng && (Math.abs(latLng.lat) > 90 || Math.abs(latLng.lng) > 180);
      if (latLng && !outside) {
        this.marker.setLatLng(latLng).addTo(this.map);
        if (!stay) this.show(latLng);
      } else {
        this.marker.remove();
      }
      if (quietly || !text) {
        this.clearFieldMessage();
      } else if (!latLng || outside) {
        this.displayWarning(this.options.messages[outside ? 'outside' : 'unreadable']);
      } else {
        this.clearFieldMessage();
      }
    }

    show(latLng) {
      this.map.setView(latLng, Math.max(this.map.getZoom(), this.zoom), { animate: false });
    }

    parseStrToLatLng(text) {
      const number = '([+-]?\\d{1,3}(?:[.,]\\d+)?)';
      const match = text.match(new RegExp(`^${number}\\s*(?:[,;]\\s*|\\s)\\s*${number}$`));
      if (!match) return null;
      const [lat, lng] = match.slice(1).map((part) => Number(part.replace(',', '.')));
      return L.latLng(lat, lng);
    }

    displayWarning(text) {
      this.message.textContent = text;
    }

    clearFieldMessage() {
      this.message.textContent = '';
    }

    focus() {
      this.input.focus();
    }
  }

  class PointController extends window.StimulusModule.Controller {
    static values = { options: Object };

    connect() {
      const { id } = this.element;
      if (!id || id.includes('__')) return; // A template of a form, not a form.
      const options = this.optionsValue;
      const prefix = id.includes('-') ? `${id.slice(0, id.lastIndexOf('-'))}-` : 'id_';
      const addressSelector = options.addressField ? `#${prefix}${options.addressField}` : null;
      this.field = new PointField({ ...options, id, addressSelector });
    }

    disconnect() {
      if (this.field) this.field.map.remove();
    }
  }

  window.wagtail.app.register('col-point', PointController);
})();
