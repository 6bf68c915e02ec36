/* What the pages do beyond HTML. Every page works without this file; nothing here decides anything.
   Strings come from <meta name="prm-words">, translated by the server. */

const root = document.documentElement;
const words = JSON.parse(document.querySelector('meta[name="prm-words"]')?.content || "{}");
const say = (key, value) => (words[key] || "").replace("{}", value ?? "");

/* --- theme: switch at once, store in the background ------------------------------------------ */

const dark = matchMedia("(prefers-color-scheme: dark)");

function paint() {
  const theme = root.dataset.theme;
  root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
}
dark.addEventListener("change", paint);

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "theme" || !event.target.matches("[data-quick]")) return;
  event.preventDefault();
  const body = new FormData(event.target, button);
  root.dataset.theme = button.value;
  paint();
  for (const each of document.querySelectorAll('button[name="theme"]')) {
    each.setAttribute("aria-pressed", String(each.value === button.value));
  }
  fetch(event.target.action, { method: "POST", body, redirect: "manual" });
});

/* --- a form is sent once ---------------------------------------------------------------------- */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-quick], [data-resend]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

/* --- times: "in 3 days" and "2 hours left" move on, once a minute ----------------------------- */

const STEPS = [[2700, "minute", 60], [129600, "hour", 3600], [10368000, "day", 86400], [47347200, "month", 2592000], [Infinity, "year", 31536000]];
const lang = root.lang || "en";
const relative = new Intl.RelativeTimeFormat(lang);
const seen = new WeakMap();

/* Seconds since the server wrote this element. */
function age(element) {
  let first = seen.get(element);
  if (first?.now !== element.dataset.now) {
    first = { now: element.dataset.now, at: performance.now() };
    seen.set(element, first);
  }
  return (performance.now() - first.at) / 1000;
}

const ticking = () => document.querySelectorAll("time[data-tick]");

function tick() {
  for (const element of ticking()) {
    const seconds = Date.parse(element.dateTime) / 1000 - Number(element.dataset.now) - age(element);
    const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
    const count = Math.max(1, Math.round(Math.abs(seconds) / size));
    const span = () => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
    const text = element.dataset.tick === "sla"
      ? say(seconds < 0 ? "late" : "left", span())
      : Math.abs(seconds) < 45 ? say("now") : relative.format(seconds < 0 ? -count : count, unit);
    if (element.textContent !== text) element.textContent = text;
  }
}
ticking().forEach(age);
setInterval(tick, 60000);

/* --- menus made of <details> close like menus -------------------------------------------------- */

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* --- dialogs: a link with data-dialog opens one; without script it leads to the page ----------- */

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

/* --- <auto-save>: around a form; POSTs it to `url` a second after a change ---------------------- */

class AutoSave extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.later());
    this.addEventListener("input", () => this.later(2500));
  }

  later(wait = 800) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    if (this.busy) return this.later();
    const form = this.querySelector("form");
    if (!form || form.dataset.sent) return;
    this.busy = true;
    try {
      const response = await fetch(this.getAttribute("url"), { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
      if (!response.ok) throw new Error(response.status);
      this.moved(form, response.headers);
      const text = (await response.text()).trim();
      if (text.startsWith("<")) this.tell(say("away"), "failed"); // the sign-in page: the session is over
      else if (text) this.tell(text, "saved");
    } catch {
      this.tell(say("unsaved"), "failed");
    } finally {
      this.busy = false;
    }
  }

  /* The first save makes the draft: from then on everything goes to its own address. */
  moved(form, headers) {
    const place = headers.get("Content-Location");
    if (place) {
      history.replaceState(history.state, "", place);
      form.action = place;
    }
    if (headers.get("X-Autosave-Url")) this.setAttribute("url", headers.get("X-Autosave-Url"));
    const version = form.elements.namedItem("version");
    if (version && headers.get("X-Version")) version.value = headers.get("X-Version");
  }

  tell(text, state) {
    const place = this.querySelector("[data-saved]");
    if (!place) return;
    place.dataset.state = state;
    place.textContent = text;
  }
}
customElements.define("auto-save", AutoSave);

/* --- <copy-text value="…">: shows its button, copies, says so ----------------------------------- */

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.getAttribute("value"));
      const heard = this.querySelector("[role=status]");
      if (heard) heard.textContent = say("copied");
      setTimeout(() => heard && (heard.textContent = ""), 3000);
    });
  }
}
customElements.define("copy-text", CopyText);

/* --- <bulk-select>: around a list; "select all on this page" and the count ---------------------- */

class BulkSelect extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-all]")) {
        for (const each of this.picks) each.checked = event.target.checked;
      }
      this.show();
    });
    this.show();
  }

  get picks() {
    return this.querySelectorAll(".pick:not([data-all])");
  }

  show() {
    const all = this.querySelector("[data-all]");
    const chosen = [...this.picks].filter((each) => each.checked).length;
    if (all) {
      all.hidden = false;
      all.checked = chosen > 0 && chosen === this.picks.length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
    const count = this.querySelector("[data-chosen]");
    if (count) count.textContent = say("chosen", chosen);
  }
}
customElements.define("bulk-select", BulkSelect);

/* --- keys: every one is a button or link too (data-key); off in preferences --------------------- */

let prefix = "";
let prefixTimer;

function typing(element) {
  return element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function press(key) {
  const every = ["main [data-key]", "[data-key]"].flatMap((which) => [...document.querySelectorAll(which)]);
  for (const element of every) { // the page's own keys go before the frame's
    if (element.dataset.key.split("|").includes(key) && element.checkVisibility?.() !== false) return element;
  }
  return null;
}

function move(step) {
  const links = [...document.querySelectorAll(".grid tbody td.first a")];
  const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector("td.first a"));
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    if (form && form.method === "post") form.requestSubmit();
    return;
  }
  if (root.dataset.shortcuts === "off" || typing(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  const element = press(prefix ? `${prefix} ${key}` : key);
  clearTimeout(prefixTimer);
  if (!prefix && key === "g") {
    prefix = "g";
    prefixTimer = setTimeout(() => (prefix = ""), 1500);
    return;
  }
  prefix = "";
  if (element) {
    event.preventDefault();
    if (typing(element)) element.focus();
    else element.click();
  } else if (key === "j" || key === "k") {
    move(key === "j" ? 1 : -1);
  }
});

/* --- a link with data-into opens the form it leads to and goes into its first field ---------------- */

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-into]");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  const fold = place.closest("details");
  if (fold) fold.open = true;
  place.scrollIntoView({ block: "center" });
  place.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
});

/* --- after htmx has swapped: selects and boxes show what the server said; failures speak --------- */

document.addEventListener("htmx:after:swap", () => {
  ticking().forEach(age);
  for (const select of document.querySelectorAll(".filters select")) {
    for (const option of select.options) option.selected = option.defaultSelected;
  }
  for (const box of document.querySelectorAll(".filters input[type=checkbox], .filters input[type=radio]")) {
    box.checked = box.defaultChecked;
  }
  for (const each of document.querySelectorAll("bulk-select")) each.show();
});
document.addEventListener("htmx:error", () => {
  const place = document.querySelector("[data-trouble]");
  if (place) place.textContent = say("failed");
});
