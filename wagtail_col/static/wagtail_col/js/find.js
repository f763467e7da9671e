/* The list follows the map: what is listed and counted is what the map shows.
 *
 * The map says which part it shows ("col:moved"); the server answers with the parts of the page that
 * are other ones there, and the address of the page becomes the address of this search. Without this
 * script the same addresses lead to the same lists.
 */

/* Moving goes in steps; the list waits until they are over. */
const PAUSE = 250;

class Find {
  constructor(screen) {
    this.screen = screen;
    this.said = screen.querySelector("[data-col-said]");
    this.saidNear = screen.querySelector("[data-col-said-near]");
    screen.addEventListener("col:moved", (event) => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.renew(event.detail.box), PAUSE);
    });
    screen.addEventListener("click", (event) => {
      if (event.target.closest("[data-col-near]")) this.goNear();
    });
    this.offerNear();
  }

  /* Seen already where the styles know that there are scripts. */
  offerNear() {
    const button = this.screen.querySelector("[data-col-near]");
    if (button) button.hidden = false;
  }

  /* The device is asked where it is when somebody wants that, and never before. Rounded to about a
   * hundred metres: nobody has to know the door. */
  goNear() {
    const refused = () => this.complain(this.screen.dataset.sayNowhere, this.saidNear);
    if (!navigator.geolocation || !window.isSecureContext) {
      refused();
      return;
    }
    this.saidNear.className = "col-small";
    this.saidNear.textContent = this.screen.dataset.sayLooking;
    const there = ({ coords }) => {
      const search = new URLSearchParams(window.location.search);
      for (const name of ["near", "box", "page"]) search.delete(name);
      search.set("at", `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
      search.set("sort", "distance");
      window.location.search = search.toString().replaceAll("%2C", ",");
    };
    navigator.geolocation.getCurrentPosition(there, refused, { timeout: 10000, maximumAge: 60000 });
  }

  complain(words, said = this.said) {
    said.textContent = words;
    said.className = "col-message col-message--warn";
  }

  async renew(box) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const list = this.part(this.screen, "list");
    list.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.address(box), { signal: asking.signal });
      if (!response.ok) throw new Error(`${response.status}`);
      this.show(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.complain(this.screen.dataset.sayStale);
    }
    if (asking === this.asking) list.removeAttribute("aria-busy");
  }

  address(box) {
    const address = new URL(this.screen.dataset.colFind, document.baseURI);
    // Whose list it is and in which language, the page knows better than its address.
    const own = new Set(address.searchParams.keys());
    for (const [name, value] of new URLSearchParams(window.location.search)) {
      if (!own.has(name)) address.searchParams.append(name, value);
    }
    address.searchParams.delete("page");
    address.searchParams.set("box", box);
    return address;
  }

  part(holder, name) {
    return holder.querySelector(`[data-col-part="${name}"]`);
  }

  show(answer) {
    for (const fresh of answer.querySelectorAll("[data-col-part]")) {
      const shown = this.part(this.screen, fresh.dataset.colPart);
      if (shown) this.exchange(shown, fresh);
    }
    this.offerNear();
    const said = this.screen.querySelector(".col-find__count, .col-empty h2");
    this.said.className = "col-hidden";
    this.said.textContent = said?.textContent ?? "";
    const { colAddress } = answer.querySelector("[data-col-address]").dataset;
    window.history.replaceState(window.history.state, "", colAddress + window.location.hash);
  }

  /* What is open stays open, what is ticked stays ticked, and who stands on something stands there. */
  exchange(shown, fresh) {
    const open = [...shown.querySelectorAll("details")].map((details) => details.open);
    const given = [...shown.querySelectorAll("input:not([type=hidden]), select")].map((field) => [
      this.sameAs(field),
      field.checked,
      field.value,
    ]);
    const active = shown.contains(document.activeElement) ? document.activeElement : null;
    const again = active && this.sameAs(active);
    shown.replaceChildren(...document.importNode(fresh, true).childNodes);
    shown.querySelectorAll("details").forEach((details, number) => {
      details.open = open[number] ?? details.open;
    });
    for (const [selector, checked, value] of given) {
      const field = shown.querySelector(selector);
      if (!field) continue;
      field.checked = checked;
      if (field.type !== "checkbox") field.value = value;
    }
    if (again) shown.querySelector(again)?.focus({ preventScroll: true });
  }

  sameAs(element) {
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.name) {
      return `[name="${element.name}"][value="${CSS.escape(element.value)}"]`;
    }
    if (element.href) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
    return element.localName;
  }
}

for (const screen of document.querySelectorAll("[data-col-find]")) new Find(screen);
