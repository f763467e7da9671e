// The line beside the steps of a playlist: drawn again from the form whenever it changes.
(() => {
  // From this width on, in pixels, the line stands beside the steps.
  const ROOM = 680;
  const SHOWN = 'li.col-station';

  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  class StepsController extends window.StimulusModule.Controller {
    static values = {
      prefix: String,
      step: String,
      choose: String,
      optional: String,
      unnamed: String,
      empty: String,
      terminus: String,
      badge: String,
    };

    connect() {
      this.forms = document.getElementById(`id_${this.prefixValue}-FORMS`);
      this.form = this.element.closest('form');
      if (!this.forms || !this.form) return;
      this.later = () => {
        cancelAnimationFrame(this.frame);
        this.frame = requestAnimationFrame(() => this.draw());
      };
      this.form.addEventListener('input', this.later);
      this.form.addEventListener('change', this.later);
      // Moving, removing and choosing change the document without an event of their own.
      this.observer = new MutationObserver(this.later);
      const watch = { childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'value'] };
      this.observer.observe(this.forms, watch);
      const badge = document.getElementById('id_achievement-chooser');
      if (badge) this.observer.observe(badge, watch);
      // The room there is depends on the panels beside the form, not on the window.
      const around = this.element.parentElement;
      this.room = new ResizeObserver(() =>
        around.classList.toggle('col-arranging--wide', around.clientWidth >= ROOM));
      this.room.observe(around);
      this.draw();
    }

    disconnect() {
      if (!this.observer) return;
      this.observer.disconnect();
      this.room.disconnect();
      this.form.removeEventListener('input', this.later);
      this.form.removeEventListener('change', this.later);
    }

    // The steps as they stand in the form: [{title, required, choice}, ...].
    steps() {
      return [...this.forms.querySelectorAll(':scope > [data-inline-panel-child]')]
        .map((child) => {
          const field = (name) => child.querySelector(`[name$="-${name}"]`);
          if (field('DELETE')?.value || child.classList.contains('deleted')) return null;
          const chosen = field('listing')?.value
            ? child.querySelector('.chooser__title')?.textContent.trim()
            : field('course')?.selectedOptions[0]?.dataset.colTitle;
          return {
            title: field('title')?.value.trim() || chosen || this.unnamedValue,
            required: field('is_required')?.checked ?? true,
            choice: field('choice')?.value.trim() || null,
          };
        })
        .filter(Boolean);
    }

    // Steps with one number are one station where one may choose.
    stations() {
      const choices = new Map();
      const stations = [];
      for (const step of this.steps()) {
        const station = step.choice && choices.get(step.choice);
        if (station) {
          station.steps.push(step);
          station.required ||= step.required;
        } else {
          const made = { steps: [step], required: step.required };
          if (step.choice) choices.set(step.choice, made);
          stations.push(made);
        }
      }
      return stations;
    }

    draw() {
      const stations = this.stations();
      const line = element('ol', 'col-line');
      const total = stations.filter((station) => station.required).length;
      let number = 0;
      for (const station of stations) {
        if (station.required) number += 1;
        line.append(this.station(station, number, total));
      }
      if (!line.querySelector(SHOWN)) line.append(this.plain('', this.emptyValue));
      line.append(this.terminus());
      const colour = this.form.querySelector('#id_colour')?.value || 'teal';
      const paper = element('div', `wagtail-col col-line--${colour}`, line);
      const { classList } = document.documentElement;
      if (classList.contains('w-theme-dark')) paper.dataset.colTheme = 'dark';
      if (classList.contains('w-theme-light')) paper.dataset.colTheme = 'light';
      this.element.replaceChildren(paper);
    }

    station({ steps, required }, number, total) {
      const choice = steps.length > 1;
      const kind = required ? '' : ' col-station--optional';
      const words = choice ? this.chooseValue : this.stepValue;
      const state = required
        ? words.replace('%(number)s', number).replace('%(total)s', total)
        : this.optionalValue;
      const titles = steps.map((step) => element('p', 'col-station__title', step.title));
      const body = choice
        ? element('ul', 'col-choice', ...titles.map((title) =>
            element('li', 'col-choice__item', element('span', 'col-station__mark'), title)))
        : titles[0];
      const item = this.plain(required ? String(number) : '+', state, body);
      item.className = `col-station${choice ? ' col-station--choice' : ''}${kind}`;
      return item;
    }

    terminus() {
      const badge = document.getElementById('id_achievement-chooser');
      const chosen = document.getElementById('id_achievement')?.value
        ? badge?.querySelector('.chooser__title')?.textContent.trim()
        : '';
      const item = this.plain('', this.terminusValue,
        element('p', 'col-station__title', chosen || this.badgeValue));
      item.className = 'col-station col-station--terminus';
      return item;
    }

    plain(mark, state, ...children) {
      const shown = element('span', 'col-station__mark', mark);
      shown.setAttribute('aria-hidden', 'true');
      return element('li', 'col-station', shown,
        element('div', 'col-station__body', element('p', 'col-station__state', state), ...children));
    }
  }

  window.wagtail.app.register('col-steps', StepsController);
})();
