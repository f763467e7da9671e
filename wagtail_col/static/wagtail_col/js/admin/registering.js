// A course provider registers in a window of its own. When it says that it has finished, or when
// it has arrived, this page goes on. Without this script the person presses "show me".
(() => {
  const AGAIN = 3000; // milliseconds
  const LONGEST = 60 * 60 * 1000;

  class RegisteringController extends window.StimulusModule.Controller {
    static targets = ['link', 'message'];

    static values = { url: String, next: String, waiting: String, nothing: String, failed: String };

    connect() {
      this.until = Date.now() + LONGEST;
      this.heard = (event) => this.hear(event);
      window.addEventListener('message', this.heard);
      this.timer = setInterval(() => this.look(), AGAIN);
    }

    disconnect() {
      clearInterval(this.timer);
      window.removeEventListener('message', this.heard);
    }

    open(event) {
      // The link alone would do; opened here, the window can be closed when it has finished.
      const opened = window.open(this.linkTarget.href, this.linkTarget.target);
      if (!opened) return;
      event.preventDefault();
      this.opened = opened;
      this.say(this.waitingValue);
    }

    // Whoever sends this, it only makes us look a little sooner.
    hear(event) {
      const said = event.data;
      if (!said || said.subject !== 'org.imsglobal.lti.close') return;
      if (this.opened && event.source === this.opened) this.opened.close();
      this.look(true);
    }

    async look(finished = false) {
      if (Date.now() > this.until) {
        this.disconnect();
        return;
      }
      try {
        const response = await fetch(this.urlValue, {
          credentials: 'same-origin',
          headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
        });
        const answer = await response.json();
        if (answer.arrived) {
          this.disconnect();
          // This page was posted; the way back leads to the one before it.
          window.location.replace(this.nextValue);
        } else if (finished) {
          this.say(this.nothingValue);
        }
      } catch {
        this.say(this.failedValue);
      }
    }

    say(text) {
      if (this.messageTarget.textContent !== text) this.messageTarget.textContent = text;
    }
  }

  window.wagtail.app.register('col-registering', RegisteringController);
})();
