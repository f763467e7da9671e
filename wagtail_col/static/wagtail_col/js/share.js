// The share part of a badge's page: without this script the link is there to be copied by hand.
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-col-share]")) {
    const link = part.querySelector("input");
    const copy = part.querySelector("[data-col-share-copy]");
    const send = part.querySelector("[data-col-share-send]");
    const done = part.querySelector("[data-col-share-done]");
    link.addEventListener("focus", () => link.select());
    if (navigator.clipboard) {
      copy.hidden = false;
      copy.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(link.value);
          done.textContent = done.dataset.colShareWords;
        } catch {
          link.focus();
        }
      });
    }
    if (send && navigator.share) {
      send.hidden = false;
      send.addEventListener("click", () => {
        // Closing the system's own window is no error.
        navigator.share({ title: part.dataset.colShareTitle, url: link.value }).catch(() => {});
      });
    }
  }
})();
