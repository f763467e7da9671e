// The rule of a playlist in plain words, beside its form: asked for again whenever the form changes.
(() => {
  const PAUSE = 600;

  class RuleController extends window.StimulusModule.Controller {
    static targets = ['shown'];

    static values = { url: String, prefix: String };

    connect() {
      this.form = this.element.closest('form');
      if (!this.form || !this.urlValue) return;
      this.later = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.ask(), PAUSE);
      };
      this.form.addEventListener('input', this.later);
      this.form.addEventListener('change', this.later);
      // Moving, removing and choosing change the document without an event of their own.
      const forms = document.getElementById(`id_${this.prefixValue}-FORMS`);
      if (!forms) return;
      this.observer = new MutationObserver(this.later);
      this.observer.observe(forms, { childList: true, subtree: true, attributes: true, attributeFilter: ['value'] });
    }

    disconnect() {
      clearTimeout(this.timer);
      this.asked?.abort();
      this.observer?.disconnect();
      this.form?.removeEventListener('input', this.later);
      this.form?.removeEventListener('change', this.later);
    }

    async ask() {
      this.asked?.abort();
      this.asked = new AbortController();
      try {
        const answer = await fetch(this.urlValue, {
          method: 'POST',
          body: new FormData(this.form),
          signal: this.asked.signal,
        });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        this.shownTarget.replaceChildren(...page.body.childNodes);
      } catch (error) {
        // What was said before stays until the next change.
        if (error.name !== 'AbortError' && !(error instanceof TypeError)) throw error;
      }
    }
  }

  window.wagtail.app.register('col-rule', RuleController);
})();
