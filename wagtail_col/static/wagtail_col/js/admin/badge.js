// The picture of a badge beside its form: asked for again whenever the form changes.
(() => {
  const PAUSE = 300;

  class BadgeController extends window.StimulusModule.Controller {
    static targets = ['picture'];

    static values = { url: String };

    connect() {
      this.form = this.element.closest('form');
      if (!this.form) return;
      this.later = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.draw(), PAUSE);
      };
      this.form.addEventListener('input', this.later);
      this.form.addEventListener('change', this.later);
    }

    disconnect() {
      if (!this.form) return;
      clearTimeout(this.timer);
      this.form.removeEventListener('input', this.later);
      this.form.removeEventListener('change', this.later);
    }

    // The name in the first language that is not being removed.
    name() {
      return [...this.form.querySelectorAll('[name^="texts-"][name$="-name"]')]
        .filter((field) => {
          const removed = this.form.elements[field.name.replace(/-name$/, '-DELETE')];
          return !field.name.includes('__prefix__') && !removed?.value;
        })[0]?.value ?? '';
    }

    draw() {
      const url = new URL(this.urlValue, window.location.href);
      url.searchParams.set('name', this.name());
      for (const part of ['shape', 'colour', 'icon', 'place']) {
        url.searchParams.set(part, this.form.elements[part]?.value ?? '');
      }
      for (const picture of this.pictureTargets) {
        if (picture.src !== url.href) picture.src = url.href;
      }
    }
  }

  window.wagtail.app.register('col-badge', BadgeController);
})();
