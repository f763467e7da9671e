// A playlist's page while one of its courses is open in another window: progress that comes in is
// shown within seconds. Without this script the learner loads the page again.
(() => {
  "use strict";
  const page = document.querySelector("[data-col-watch]");
  if (!page) return;
  const url = page.dataset.colWatch;
  const note = page.querySelector("[data-col-watch-note]");
  const memory = `col-watch ${url}`;
  const HOURS = 6;
  const SOON = 4000;
  const LATER = 20000;
  let timer = null;
  let unchanged = 0;
  let over = false;

  // Kept for this tab, so that watching goes on after the page was loaded again.
  const remember = (value) => {
    try {
      sessionStorage.setItem(memory, value);
    } catch {
      // The browser keeps nothing: watching ends with this page.
    }
  };
  const remembered = () => {
    try {
      return Number(sessionStorage.getItem(memory)) || 0;
    } catch {
      return 0;
    }
  };

  const wait = (pause) => {
    clearTimeout(timer);
    if (!over && document.visibilityState === "visible") timer = setTimeout(ask, pause);
  };

  async function ask() {
    let pause = LATER;
    try {
      const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 403 || answer.status === 404) {
        over = true;
      } else if (answer.ok) {
        const { state } = await answer.json();
        if (state && state !== page.dataset.colState) return changed();
        unchanged += 1;
        // Who has gone for coffee with the page open need not be asked for so often.
        pause = unchanged < 150 ? SOON : LATER;
      }
    } catch {
      // No connection at this moment: ask again later.
    }
    wait(pause);
  }

  function changed() {
    over = true;
    note.textContent = note.dataset.colWatchNote;
    setTimeout(() => location.reload(), 1200);
  }

  const watch = () => {
    remember(String(Date.now()));
    unchanged = 0;
    wait(SOON);
  };

  for (const link of page.querySelectorAll("[data-col-opens]")) {
    link.addEventListener("click", watch);
    link.addEventListener("auxclick", watch);
  }
  const isWatching = () => Date.now() - remembered() < HOURS * 3600000;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && isWatching()) {
      unchanged = 0;
      wait(0);
    }
  });
  // Back from the browser's own memory of pages: what it shows may be old.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && isWatching()) wait(0);
  });
  if (isWatching()) wait(SOON);
})();
