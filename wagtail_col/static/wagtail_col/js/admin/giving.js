// Badges are being given to a list: ask the site to go on, show how far it is, until it is done.
// Without this script the person presses "Go on".
(() => {
  const PAUSE = 300; // milliseconds between two questions
  const AFTER_FAILURE = 5000;

  class GivingController extends window.StimulusModule.Controller {
    static targets = ['bar', 'message', 'form'];

    static values = { url: String, said: String, failed: String };

    connect() {
      this.formTarget.hidden = true;
      this.wait(PAUSE);
    }

    disconnect() {
      clearTimeout(this.timer);
    }

    wait(milliseconds) {
      this.timer = setTimeout(() => this.goOn(), milliseconds);
    }

    async goOn() {
      try {
        const response = await fetch(this.urlValue, {
          method: 'POST',
          credentials: 'same-origin',
          body: new FormData(this.formTarget),
          headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
        });
        if (!response.ok) throw new Error(response.statusText);
        const now = await response.json();
        this.show(now);
        if (now.is_done) window.location.reload();
        else this.wait(PAUSE);
      } catch {
        this.say(this.failedValue);
        this.wait(AFTER_FAILURE);
      }
    }

    show({ done, total }) {
      this.barTarget.max = total;
      this.barTarget.value = done;
      this.say(this.saidValue.replace('{done}', done).replace('{total}', total));
    }

    say(text) {
      if (this.messageTarget.textContent !== text) this.messageTarget.textContent = text;
    }
  }

  window.wagtail.app.register('col-giving', GivingController);
})();
