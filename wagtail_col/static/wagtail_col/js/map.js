/* The moving map: takes over from the picture the server drew.
 *
 * The picture has the same marks, as links. It is painted first; only then Leaflet is fetched, and
 * when the map looks as the picture does, it takes its place.
 *
 * The server puts places together (see map.json), so a phone draws a few dozen marks however many
 * there are. Everything that people wrote is set as text, never as HTML. Nothing is asked of any
 * other server, unless the site has a map background and the reader taps its button.
 */

/* Leaflet, as soon as it is there. */
let L;
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const CLOSEST = 20;
/* Below this zoom the countries around are drawn; above it they would be too coarse. */
const LAND_UNTIL = 9;
/* For so many milliseconds after the map has got another size, it moves by itself. */
const RESIZING = 500;
const SVG = "http://www.w3.org/2000/svg";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function icon(sheet, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "col-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

async function fetched(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response.json();
}

/* After the frame in which the page is first seen. */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/* Leaflet's script and styles, before those of the page, which refine them. */
function leaflet({ leaflet: script, leafletStyles: styles }) {
  const sheet = element("link");
  sheet.rel = "stylesheet";
  const code = element("script");
  const there = [sheet, code].map(
    (part) => new Promise((done, fail) => Object.assign(part, { onload: done, onerror: fail })),
  );
  sheet.href = styles;
  code.src = script;
  document.head.prepend(sheet, code);
  return Promise.all(there);
}

/* Words with blanks, as the page's language has them: "__COUNT__ things to learn". */
function filled(words, blanks) {
  return Object.entries(blanks).reduce(
    (said, [blank, value]) => said.replace(`__${blank}__`, value),
    words,
  );
}

/* West, south, east, north in degrees, on the earth, as addresses have them. */
function boxOf(bounds) {
  const within = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(5);
  return [
    within(bounds.getWest(), 180),
    within(bounds.getSouth(), 85),
    within(bounds.getEast(), 180),
    within(bounds.getNorth(), 85),
  ].join(",");
}

class LivingMap {
  constructor(holder) {
    this.holder = holder;
    this.data = holder.dataset;
    this.asked = 0;
    this.colours = JSON.parse(this.data.colours);
    this.marks = L.layerGroup();
    this.start();
  }

  start() {
    const canvas = element("div", "col-map__canvas");
    canvas.setAttribute("role", "region");
    canvas.setAttribute("aria-label", this.data.sayMap);
    this.holder.append(canvas);
    this.map = L.map(canvas, {
      zoomControl: false,
      attributionControl: false,
      maxZoom: CLOSEST,
      minZoom: 3,
      // Any zoom to begin with: that of the picture. From then on in steps.
      zoomSnap: 0,
      maxBounds: [[-85, -180], [85, 180]],
      fadeAnimation: !CALM,
      zoomAnimation: !CALM,
      markerZoomAnimation: !CALM,
      inertia: !CALM,
    });
    const [west, south, east, north] = this.data.box.split(",").map(Number);
    this.map.fitBounds([[south, west], [north, east]], { animate: false });
    this.map.options.zoomSnap = 0.25;
    // A page is scrolled through the map; who means the map, holds a key or uses two fingers.
    this.map.scrollWheelZoom.disable();
    this.map.once("focus click", () => this.map.scrollWheelZoom.enable());
    const zoom = L.control
      .zoom({ zoomInTitle: this.data.sayZoomIn, zoomOutTitle: this.data.sayZoomOut })
      .addTo(this.map)
      .getContainer();
    // Beside the map: over it, the buttons would cover marks.
    this.edge = this.holder.nextElementSibling;
    this.edge.append(zoom);
    this.marks.addTo(this.map);
    // Turning a phone moves nothing: only what somebody does chooses another part of the map.
    this.map.on("resize", () => (this.resized = Date.now()));
    this.map.on("moveend", () => this.moved());
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.map.closePopup();
    });
    const layers = [...this.holder.querySelectorAll(".col-stops")];
    const { found, level } = layers.find((one) => getComputedStyle(one).display !== "none").dataset;
    this.show(JSON.parse(found));
    const looks = [this.drawGround()];
    this.offerTiles();
    // This screen may be quite another one than the picture's marks were put together for.
    if (!this.isFit(Number(level))) looks.push(this.refresh());
    Promise.all(looks).then(() => this.takeOver());
  }

  /* Now there is a map in place of the picture; who is on one of its marks stays there. */
  takeOver() {
    const active = document.activeElement;
    const focused = active.closest(".col-stop") && this.holder.contains(active) && active;
    const place = focused && focused.firstElementChild.getBoundingClientRect();
    this.holder.classList.add("col-map--live");
    if (!place) return;
    const [clientX, clientY] = [place.x + place.width / 2, place.y + place.height / 2];
    this.stay(this.map.mouseEventToLatLng({ clientX, clientY }));
  }

  /* The ground: land, then countries when far out, then the territories. */

  drawGround() {
    this.land = this.everywhere("col-map__ground").addTo(this.map);
    this.map.on("zoomend", () => this.drawCountries());
    this.drawCountries();
    return fetched(this.data.boundaries)
      .then((boundaries) => {
        this.boundaries = boundaries;
        this.drawTerritories();
      })
      .catch(() => this.fail());
  }

  drawTerritories() {
    this.territories?.remove();
    const style = ({ properties }) => ({ className: this.classOf(properties), fillOpacity: 1 });
    this.territories = L.geoJSON(this.boundaries, { interactive: false, style }).addTo(this.map);
  }

  classOf({ whole, on, colour }) {
    // Over tiles only outlines, or there would be nothing to see of them.
    if (this.hasTiles || (whole && this.boundaries.features.length > 1)) return "col-map__outline";
    return `col-map__district${on ? ` col-map__district--on col-line--${colour}` : ""}`;
  }

  everywhere(className) {
    const world = [[-85, -180], [85, 180]];
    return L.rectangle(world, { className, interactive: false, fillOpacity: 1 });
  }

  async drawCountries() {
    const far = () => this.map.getZoom() <= LAND_UNTIL && !this.hasTiles;
    if (!this.countries && far()) {
      this.countries = L.featureGroup();
      try {
        const style = { className: "col-map__ground", fillOpacity: 1 };
        const land = L.geoJSON(await fetched(this.data.land), { interactive: false, style });
        this.countries.addLayer(this.everywhere("col-map__water")).addLayer(land);
      } catch {
        this.countries.clearLayers();
      }
    }
    if (!this.countries) return;
    this.countries[far() ? "addTo" : "removeFrom"](this.map);
    if (far()) this.countries.bringToBack();
    if (!this.hasTiles) this.land.bringToBack();
  }

  /* What there is to learn in the part that is shown. */

  moved() {
    if (Date.now() - (this.resized ?? 0) > RESIZING) {
      this.box = boxOf(this.map.getBounds());
      const detail = { box: this.box };
      this.holder.dispatchEvent(new CustomEvent("col:moved", { bubbles: true, detail }));
    }
    this.refresh();
  }

  /* An address that answers for the search that the list shows: within the part one moved to. */
  ofSearch(address) {
    const url = new URL(address, document.baseURI);
    if (this.box) url.searchParams.set("box", this.box);
    return url;
  }

  /* The zoom, in quarters, at which marks are set apart: rather too far from each other than too near. */
  level() {
    return Math.floor(4 * this.map.getZoom() + 0.1) / 4;
  }

  /* Whether marks that are set apart at another level are neither too near nor far too far here. */
  isFit(level) {
    return level <= this.level() && this.level() < level + 0.5;
  }

  async refresh() {
    const turn = ++this.asked;
    const url = this.ofSearch(this.data.clusters);
    url.searchParams.set("bbox", boxOf(this.map.getBounds().pad(0.1)));
    url.searchParams.set("zoom", this.level());
    try {
      const found = await fetched(url);
      // The map has moved on meanwhile, or a card is being read.
      if (turn === this.asked) this.show(found);
    } catch {
      this.fail();
    }
  }

  show(found) {
    // Who is on a mark with the keyboard stays there when the marks are renewed.
    const focused = this.marks.getLayers().find((m) => m.getElement() === document.activeElement);
    this.marks.clearLayers();
    for (const [lon, lat, count, key, place] of found.clusters) {
      const side = count < 100 ? 44 : count < 10_000 ? 48 : 54;
      const says = key
        ? filled(this.data.sayHere, { COUNT: count, PLACE: place })
        : filled(this.data.sayMany, { COUNT: count });
      const act = () => (key ? this.open([lat, lon], key) : this.zoomTo([lat, lon]));
      this.mark([lat, lon], says, "col-cluster", side, document.createTextNode(count), act);
    }
    for (const [lon, lat, key, kind, title] of found.points) {
      const classes = `col-point col-line--${this.colours[kind]}`;
      const act = () => this.open([lat, lon], key);
      this.mark([lat, lon], title, classes, 44, icon(this.data.icons, kind), act);
    }
    if (focused) this.stay(focused.getLatLng());
  }

  /* Focus the mark nearest to a place, or the map where there is none. */
  stay(place) {
    const far = (mark) => this.map.distance(mark.getLatLng(), place);
    const nearest = this.marks.getLayers().sort((one, other) => far(one) - far(other))[0];
    (nearest?.getElement() ?? this.map.getContainer()).focus({ preventScroll: true });
  }

  mark(place, says, className, side, inside, act) {
    const holder = element("span");
    holder.append(inside);
    const mark = L.marker(place, {
      icon: L.divIcon({ className, iconSize: [side, side], html: holder }),
      keyboard: true,
      // The list follows the map, and walking over marks with Tab must not change the list.
      autoPanOnFocus: false,
    }).addTo(this.marks);
    mark.on("click", act);
    const button = mark.getElement();
    // So the keyboard stops at those only that can be seen.
    if (!this.map.getBounds().contains(place)) button.tabIndex = -1;
    button.setAttribute("aria-label", says);
    button.setAttribute("title", says);
    // Leaflet gives a mark the role of a button; this makes its keys work as a button's.
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  }

  zoomTo(place) {
    this.map.setView(place, Math.min(CLOSEST, Math.round(this.map.getZoom()) + 2), { animate: !CALM });
  }

  /* The card of one place. */

  async open(place, key) {
    const turn = this.asked;
    const nobody = "00000000-0000-0000-0000-000000000000";
    const dashed = key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    try {
      const card = await fetched(this.ofSearch(this.data.card.replace(nobody, dashed)));
      if (turn === this.asked) this.showCard(place, card);
    } catch {
      this.fail();
    }
  }

  showCard(place, card) {
    const content = element("div", "col-stack");
    if (card.cards.length > 1 && card.place) content.append(element("p", "col-small", card.place));
    for (const one of card.cards) {
      const part = element("div", `col-line--${one.colour}`);
      part.append(element("p", "col-card__label", one.kind));
      const link = element("a", "", one.title);
      link.href = one.url;
      if (one.lang) link.lang = one.lang;
      const title = element("p", "");
      title.append(element("strong"));
      title.firstChild.append(link);
      const rest = [one.when, one.price, one.provider].filter(Boolean).join(" · ");
      part.append(title, element("p", "col-small", rest));
      content.append(part);
    }
    if (card.more) content.append(element("p", "col-small col-quiet", card.more));
    const popup = L.popup({
      maxWidth: Math.min(300, this.holder.clientWidth - 90),
      maxHeight: Math.max(140, this.holder.clientHeight - 90),
      autoPanPadding: [16, 16],
      offset: [0, -8],
    });
    popup.setLatLng(place).setContent(content);
    // Opening moves the map and so draws the marks anew: remember where to, not which.
    popup.openOn(this.map);
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", this.data.sayClose);
    content.querySelector("a")?.focus({ preventScroll: true });
    this.map.once("popupclose", () => this.map.getContainer().focus({ preventScroll: true }));
  }

  /* Offers. */

  offerTiles() {
    if (!this.data.tiles) return;
    const tiles = JSON.parse(this.data.tiles);
    this.tiles = L.tileLayer(tiles.url, {
      maxZoom: CLOSEST,
      maxNativeZoom: tiles.max_zoom || 19,
      referrerPolicy: "strict-origin-when-cross-origin",
    });
    this.credit = element("span", "", tiles.attribution);
    this.credit.hidden = true;
    const line = element("p", "col-map__credit");
    line.append(this.credit);
    this.edge.after(line);
    const address = new URL(tiles.url.replace("{s}", "a"), document.baseURI);
    if (address.origin === window.location.origin) this.setTiles(true);
    else line.append(this.tilesButton(address.hostname));
  }

  /* Another host learns who looks at what: so it is asked when somebody wants that, and no longer. */
  tilesButton(host) {
    const button = element("button", "col-button col-button--plain");
    button.type = "button";
    const say = () => {
      const offer = filled(this.data.sayTiles, { HOST: host });
      button.textContent = this.hasTiles ? this.data.sayNoTiles : offer;
    };
    button.addEventListener("click", () => {
      this.setTiles(!this.hasTiles);
      say();
    });
    say();
    return button;
  }

  setTiles(wanted) {
    this.hasTiles = wanted;
    this.credit.hidden = !wanted;
    this.tiles[wanted ? "addTo" : "removeFrom"](this.map);
    this.land[wanted ? "removeFrom" : "addTo"](this.map);
    this.drawCountries();
    if (this.boundaries) this.drawTerritories();
  }

  fail() {
    if (this.failed) return;
    this.failed = element("p", "col-message col-message--warn", this.data.sayFailed);
    this.failed.setAttribute("role", "status");
    this.edge.after(this.failed);
  }
}

const holders = [...document.querySelectorAll("[data-col-map]")];
if (holders.length) {
  await painted();
  await leaflet(holders[0].dataset);
  L = window.L;
  for (const holder of holders) new LivingMap(holder);
}
