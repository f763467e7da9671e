// "Find on the map": asks this site's server where an address is. One answer is put on the map at
// once; of several the editor chooses. Whatever comes back is set as text.
(() => {
  class AddressController extends window.StimulusModule.Controller {
    static targets = ['input', 'button', 'message', 'places'];

    static values = { url: String, searching: String, found: String, failed: String };

    connect() {
      this.buttonTarget.hidden = false;
    }

    async find() {
      const asked = (this.asked || 0) + 1;
      this.asked = asked;
      this.show(this.searchingValue, []);
      let answer;
      try {
        const query = new URLSearchParams({ q: this.inputTarget.value });
        const response = await fetch(`${this.urlValue}?${query}`, {
          credentials: 'same-origin',
          headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
        });
        answer = await response.json();
      } catch {
        answer = { places: [], message: this.failedValue };
      }
      if (asked !== this.asked) return; // Another search was started meanwhile.
      const places = answer.places || [];
      if (places.length === 1) {
        this.choose(places[0], answer.message);
      } else {
        this.show(answer.message || this.failedValue, places);
      }
    }

    choose(place, message) {
      // The event wagtailgeowidget's map listens to.
      window.jQuery(this.inputTarget).trigger('searchGeocoded', [{ lat: place.lat, lng: place.lon }]);
      this.show(`${place.name}: ${message || this.foundValue}`, []);
    }

    show(message, places) {
      this.messageTarget.textContent = message;
      this.placesTarget.hidden = places.length === 0;
      this.placesTarget.replaceChildren(
        ...places.map((place) => {
          const button = document.createElement('button');
          button.type = 'button';
          button.className = 'button button-small button-secondary';
          button.textContent = place.name;
          button.addEventListener('click', () => {
            this.choose(place);
            this.inputTarget.focus();
          });
          const item = document.createElement('li');
          item.append(button);
          return item;
        }),
      );
    }
  }

  window.wagtail.app.register('col-address', AddressController);
})();
