// Makes pages smoother; every page and form works without it. One listener per event on the document, so that
// parts which htmx puts in later behave alike. Words come from data attributes (they are translated), never from here.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, act, options) => document.addEventListener(type, act, options);
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  function later(act, wait) {
    let timer = 0;
    return (...args) => { clearTimeout(timer); timer = setTimeout(() => act(...args), wait); };
  }

  /** Speaks through the polite live region; emptied first, so that the same words are spoken again. */
  function say(text) {
    const live = $("#od-live");
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  }

  // Menus and the drawer ----------------------------------------------------------------------------------------

  const POPUPS = "details.od-menu[open], details.od-nav[open]";

  function insidePopup(popup, target) {
    if (popup.contains(target)) return true;
    return popup.matches(".od-nav") && Boolean(target.closest?.(".od-side"));
  }

  on("click", (event) => {
    for (const popup of $$(POPUPS)) if (!insidePopup(popup, event.target)) popup.open = false;
    const close = closest(event, "[data-close]");
    const popup = close?.closest("details.od-menu");
    if (popup) { popup.open = false; $("summary", popup)?.focus(); }
    close?.closest("dialog")?.close();
  });

  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const popup = $$(POPUPS).pop();
    if (!popup) return;
    popup.open = false;
    $("summary", popup)?.focus();
    event.preventDefault();
  });

  // Focus that walks out of a menu closes it: an open menu would cover what has the focus.
  on("focusout", (event) => {
    const menu = closest(event, "details.od-menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

  // Flash messages ----------------------------------------------------------------------------------------------

  on("click", (event) => {
    const button = closest(event, "[data-dismiss]");
    if (!button) return;
    button.closest(".od-flash")?.remove();
    $("#main")?.focus({ preventScroll: true });
  });

  // Unsaved changes: the browser asks in its own words ------------------------------------------------------------

  const clean = new WeakMap();
  const written = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) =>
    [name, value instanceof File ? value.name + value.size : value]));
  const unsaved = (form) => form.dataset.unsaved === "dirty" || (clean.has(form) && clean.get(form) !== written(form));

  function watch(root) {
    for (const form of $$("form[data-unsaved], [data-live] form[id]", root)) if (!clean.has(form)) clean.set(form, written(form));
  }

  let leaving = false;
  on("submit", (event) => {
    setTimeout(() => { if (!event.defaultPrevented) leaving = true; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && $$("form[data-unsaved]").some(unsaved)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  on("input", (event) => {
    const form = closest(event, "form[data-unsaved]");
    if (form) form.classList.toggle("is-dirty", unsaved(form));
  });

  // Choosing rows -----------------------------------------------------------------------------------------------

  function countRows() {
    const rows = $$("[data-select-row]");
    const chosen = rows.filter((row) => row.checked);
    for (const row of rows) row.closest("tr")?.classList.toggle("is-selected", row.checked);
    for (const all of $$("[data-select-all]")) {
      all.checked = rows.length > 0 && chosen.length === rows.length;
      all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
    }
    // A box in the bar may stand for everything that the list holds, on its other pages too.
    const matching = $("[data-select-matching]:checked");
    const number = matching ? Number(matching.dataset.selectMatching) : chosen.length;
    for (const bar of $$("[data-bulk-bar]")) {
      bar.hidden = number === 0;
      for (const count of $$("[data-bulk-count]", bar)) count.textContent = number.toLocaleString(document.documentElement.lang);
    }
    return number;
  }

  let lastRow = null;
  on("click", (event) => {
    const row = closest(event, "[data-select-row]");
    if (row) {
      // Shift chooses everything between this row and the one before.
      const rows = $$("[data-select-row]");
      const from = rows.indexOf(lastRow);
      if (event.shiftKey && from >= 0) {
        const [start, end] = [from, rows.indexOf(row)].sort((a, b) => a - b);
        for (const between of rows.slice(start, end + 1)) between.checked = row.checked;
        countRows();
      }
      lastRow = row;
    }
    if (closest(event, "[data-select-none]")) {
      for (const each of $$("[data-select-row], [data-select-matching]")) each.checked = false;
      countRows();
    }
  });
  on("change", (event) => {
    const all = closest(event, "[data-select-all]");
    if (all) for (const row of $$("[data-select-row]")) row.checked = all.checked;
    if (!all && !closest(event, "[data-select-row], [data-select-matching]")) return;
    const count = countRows();
    const bar = $("[data-bulk-bar]");
    if (bar?.dataset.said) say(bar.dataset.said.replace("{count}", String(count)));
  });

  // A click anywhere on a row does what its link does; controls and chosen text keep their own meaning.
  on("click", (event) => {
    const link = closest(event, "[data-row]")?.querySelector(".od-row-link");
    if (!link || closest(event, "a, button, input, select, textarea, label, summary, details")) return;
    if (String(getSelection())) return;
    const { ctrlKey, metaKey, shiftKey } = event;
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
  });

  // Small helps in forms ------------------------------------------------------------------------------------------

  on("change", (event) => {
    if (closest(event, "[data-autosubmit]")) event.target.form?.requestSubmit();
  });

  on("click", (event) => {
    const button = closest(event, "[data-password-toggle]");
    const field = button && $(button.dataset.passwordToggle);
    if (!field) return;
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });

  on("click", async (event) => {
    const button = closest(event, "[data-copy]");
    const source = button && $(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    } catch {
      // No permission or no secure address: choose the text, so that one key press copies it.
      if (source.select) source.select(); else getSelection().selectAllChildren(source);
      say(button.dataset.copyFailed);
      return;
    }
    say(button.dataset.copied);
    const label = $("[data-copy-label]", button);
    if (!label || !button.dataset.copied) return;
    button.dataset.copyBefore ??= label.textContent;
    label.textContent = button.dataset.copied;
    clearTimeout(button.odTimer);
    button.odTimer = setTimeout(() => { label.textContent = button.dataset.copyBefore; }, 2000);
  });

  // The photo is seen before it is sent; a chosen preset picture likewise.
  on("change", (event) => {
    const input = closest(event, "[data-photo]");
    const target = input && $(input.dataset.photo);
    if (!target) return;
    const file = input.type === "file" ? input.files?.[0] : null;
    const source = file ? URL.createObjectURL(file) : input.dataset.photoSrc;
    if (target.odUrl) URL.revokeObjectURL(target.odUrl);
    target.odUrl = file ? source : null;
    let image = $("img", target);
    if (!source) { image?.remove(); return; }
    if (!image) {
      image = new Image();
      image.alt = "";
      target.append(image);
    }
    image.src = source;
    if (file) for (const radio of $$('[data-photo][type="radio"]', input.form ?? document)) radio.checked = false;
    else for (const other of $$('[data-photo][type="file"]', input.form ?? document)) other.value = "";
  });

  // Live preview: the form as it stands, rendered by the server -----------------------------------------------------

  function postInto(frame, form) {
    const copy = document.createElement("form");
    Object.assign(copy, { method: "post", action: form.dataset.previewUrl, target: frame.name, hidden: true });
    for (const [name, value] of new FormData(form)) {
      if (value instanceof File) continue;
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      copy.append(field);
    }
    document.body.append(copy);
    HTMLFormElement.prototype.submit.call(copy);
    copy.remove();
  }

  const asked = new WeakMap();
  async function preview(form) {
    const target = $(form.dataset.previewTarget || "[data-preview-target]:not(form)");
    if (!target) return;
    if (target instanceof HTMLIFrameElement) { postInto(target, form); return; }
    asked.get(form)?.abort();
    const asking = new AbortController();
    asked.set(form, asking);
    target.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body, signal: asking.signal });
      // What is refused (422) is shown too: it says which placeholder is unknown.
      if (answer.ok || answer.status === 422) target.innerHTML = await answer.text();
      else say(form.dataset.previewFailed);
    } catch {
      if (asking.signal.aborted) return;
      say(form.dataset.previewFailed);
    }
    target.removeAttribute("aria-busy");
  }
  const previewSoon = later(preview, 250);
  for (const type of ["input", "change"]) {
    on(type, (event) => {
      const form = closest(event, "form[data-preview-url]");
      if (form) previewSoon(form);
    });
  }

  // The command palette -----------------------------------------------------------------------------------------

  const palette = () => $("dialog[data-palette]");
  const choices = () => $$('[role="option"]', palette() ?? undefined);

  function choose(option) {
    const input = $("input", palette());
    for (const each of choices()) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      option.id ||= `od-choice-${choices().indexOf(option)}`;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  let lookup = null;
  async function suggest() {
    const dialog = palette();
    const input = $("input", dialog);
    const list = $("[data-palette-results]", dialog);
    lookup?.abort();
    lookup = new AbortController();
    const { signal } = lookup;
    const address = new URL(dialog.dataset.url, location.href);
    address.searchParams.set("q", input.value);
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "text/html", "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      input.setAttribute("aria-expanded", String(choices().length > 0));
      choose(choices()[0] ?? null);
      if (dialog.dataset.said) say(dialog.dataset.said.replace("{count}", String(choices().length)));
    } catch {
      if (!signal.aborted) say(dialog.dataset.failed);
    }
  }
  const suggestSoon = later(suggest, 120);

  function openPalette() {
    const dialog = palette();
    if (!dialog) return false;
    if (dialog.open) { dialog.close(); return true; }
    dialog.showModal();
    $("input", dialog).select();
    suggest();
    return true;
  }

  on("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (closest(event, "[data-palette-open]") && plain && openPalette()) event.preventDefault();
    if (event.target instanceof HTMLDialogElement && event.target.matches("[data-palette]")) event.target.close();
  });
  on("input", (event) => { if (closest(event, "dialog[data-palette]")) suggestSoon(); });
  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (openPalette()) event.preventDefault();
      return;
    }
    if (!closest(event, "dialog[data-palette] input")) return;
    const options = choices();
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      choose(options[(at + step + options.length) % options.length]);
      event.preventDefault();
    } else if (event.key === "Enter" && options[at]) {
      options[at].click();
      event.preventDefault();
    }
  });

  // "/" goes to the search of the list ----------------------------------------------------------------------------

  on("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (closest(event, "input, select, textarea, [contenteditable], dialog")) return;
    const field = $("[data-list-search]");
    if (!field) return;
    field.focus();
    field.select();
    event.preventDefault();
  });

  // Live parts: fetched anew when somebody they show has changed -------------------------------------------------------
  // [data-live] needs an id; data-live-of names the one operator it shows, data-live-every the seconds after which it is
  // fetched in any case. What did not change is not touched, so that whatever is used there goes on being used.

  const HEADERS = { "X-Onduty-Live": "1", "HX-Request": "true" };
  const soon = new Map();

  /** Whether somebody has filled something in, or is told what is wrong with it. */
  const isTouched = (form) => unsaved(form) || Boolean($("[aria-invalid]", form));

  /** Makes a node what it is now, down to the parts that differ. Neighbours are told apart by their ids; nodes of `kept` stay as they are. */
  function morph(old, now, kept) {
    if (kept.includes(old) || old.isEqualNode(now)) return;
    if (old.nodeName !== now.nodeName) return old.replaceWith(now);
    if (!(old instanceof Element)) { old.nodeValue = now.nodeValue; return; }
    // Whether details are open is the reader's affair.
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
    const wanted = new Set([...now.children].map((child) => child.id).filter(Boolean));
    let at = old.firstChild;
    const pass = () => {
      const gone = at;
      at = at.nextSibling;
      if (!kept.some((form) => gone.contains(form))) gone.remove();
    };
    for (const next of [...now.childNodes]) {
      const twin = next.id ? [...old.children].find((child) => child.id === next.id) : at && !at.id && at.nodeName === next.nodeName && at;
      if (!twin) { old.insertBefore(next, at); continue; }
      while (at !== twin && !wanted.has(at.id)) pass();
      if (at === twin) at = at.nextSibling;
      else old.insertBefore(twin, at);
      morph(twin, next, kept);
    }
    while (at) pass();
  }

  /** Puts a part in anew: what is open in it stays open, a form that somebody filled in stays as it is, what has the focus keeps it. */
  function put(part, fresh) {
    const forms = () => $$("form[id]", part);
    const kept = forms().filter(isTouched);
    // Where the control that had the focus is gone, the next one that is no button has it: a key may be on its way down.
    const focus = document.activeElement;
    const stops = part.contains(focus) ? $$("a[href], input:not([type=hidden]), select, textarea, summary, button", part) : [];
    const from = stops.indexOf(focus);
    morph(part, fresh, kept);
    for (const form of forms()) if (!kept.includes(form)) clean.set(form, written(form));
    if (from >= 0 && document.activeElement !== focus) {
      const rest = [...stops.slice(from), ...stops.slice(0, from).reverse()];
      const next = rest.find((stop) => stop.isConnected && (stop === focus || !stop.matches("button")));
      ((focus.id && document.getElementById(focus.id)) || next || $("#main")).focus({ preventScroll: true });
    }
  }

  /** Fetches a page and puts these parts of it in anew; false where there was nothing new, or no answer. */
  async function renew(address, ids) {
    const answer = await fetch(address, { headers: HEADERS }).catch(() => null);
    // Who is sent elsewhere is no longer signed in.
    if (answer?.redirected) location.assign(answer.url);
    if (!answer?.ok || answer.redirected || answer.status === 204) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) {
      const [part, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (part && fresh) put(part, fresh);
    }
    countDown();
    return true;
  }

  async function freshen(id) {
    soon.delete(id);
    const part = document.getElementById(id);
    if (part?.dataset.panel) await renewPanel();
    else if (part) await renew(part.dataset.live || location.href, [id]);
  }
  function plan(id, wait) {
    if (!soon.has(id)) soon.set(id, setTimeout(() => freshen(id), wait));
  }
  function changed(ids) {
    for (const part of $$("[data-live]")) {
      const whose = part.dataset.liveOf;
      if (!ids || !whose || ids.includes(Number(whose))) plan(part.id, 100);
    }
  }
  function listen() {
    const parts = $$("[data-live]");
    if (!parts.length) return;
    for (const part of parts) {
      const every = Number(part.dataset.liveEvery);
      if (every) setInterval(() => document.visibilityState === "visible" && plan(part.id, 0), every * 1000);
    }
    let polling = null;
    const poll = () => { polling ??= setInterval(() => changed(null), 10000); };
    if (!window.EventSource) return poll();
    const source = new EventSource("/events");
    source.addEventListener("open", () => { clearInterval(polling); polling = null; changed(null); });
    source.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
    source.addEventListener("error", poll);
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // The open panel: a heartbeat every half minute, and whether anybody did anything meanwhile ------------------------

  const BEAT = 30_000;
  let active = true;
  for (const type of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    on(type, () => { active = true; look(); }, { passive: true });
  }

  /** This tab, for as long as it lives. */
  function tab() {
    let name = sessionStorage.getItem("od-tab");
    if (!name) {
      name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem("od-tab", name);
    }
    return `tab ${name}`;
  }

  const signal = (panel, more) => new URLSearchParams({ csrf_token: panel.dataset.panel, client: tab(), ...more });

  async function beat() {
    const panel = $("[data-panel]");
    if (!panel) return;
    const was = active;
    active = false;
    try {
      const answer = await fetch("/panel/presence", { method: "POST", body: signal(panel, { active: String(was) }), redirect: "manual" });
      // Who is sent elsewhere is no longer signed in.
      if (answer.type === "opaqueredirect") return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const here = await answer.json();
      if (here.status_id !== panel.dataset.status || here.since !== panel.dataset.since) await renewPanel();
    } catch {
      active ||= was;
    }
  }

  // Sounds of the panel: what is offered rings until it is gone, what is new sounds once. The title counts what rings and what came
  // since anybody last did anything here.
  const list = (text) => (text ? text.split(",") : []);
  let known = null;
  let unseen = [];
  function sound(name) {
    const file = $("[data-panel]")?.dataset[`sound${name}`];
    // A browser that wants a click first stays silent.
    if (file) new Audio(file).play().catch(() => {});
  }
  function listenTo(panel) {
    const now = { offered: list(panel.dataset.offered), assigned: list(panel.dataset.assigned), replied: list(panel.dataset.replied) };
    const fresh = (event) => (known ? now[event].filter((id) => !known[event].includes(id)) : []);
    // What was accepted here is no news.
    const assigned = fresh("assigned").filter((id) => !known.offered.includes(id));
    if (fresh("offered").length || (!known && now.offered.length)) sound("Offered");
    else if (assigned.length) sound("Assigned");
    else if (fresh("replied").length) sound("Replied");
    const replied = fresh("replied").map((id) => id.split("-")[0]).filter((id) => known.assigned.includes(id));
    unseen = [...new Set([...unseen, ...assigned, ...replied])].filter((id) => now.assigned.includes(id));
    known = now;
    entitle();
  }
  function entitle() {
    const count = (known?.offered.length ?? 0) + unseen.length;
    document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }
  function look() {
    if (!unseen.length || document.hidden) return;
    unseen = [];
    entitle();
  }
  setInterval(() => { if (known?.offered.length) sound("Offered"); }, 4000);
  on("click", (event) => {
    const button = closest(event, "[data-play]");
    const file = button && $(button.dataset.play)?.selectedOptions[0]?.dataset.file;
    if (file) new Audio(file).play().catch(() => {});
  });

  /** For how long each offer rings, by the clock of this browser from when it came. */
  function countDown() {
    for (const line of $$("[data-left]")) {
      line.odEnds ??= performance.now() + Number(line.dataset.left);
      line.textContent = line.dataset.words.replace("{seconds}", String(Math.max(0, Math.ceil((line.odEnds - performance.now()) / 1000))));
    }
  }

  /** The panel, and the own status at the top of the page. */
  async function renewPanel() {
    const since = $("#panel")?.dataset.since;
    if (!(await renew("/panel", ["panel", "my-status"]))) return;
    const panel = $("#panel");
    if (panel.dataset.since !== since) say($("[data-panel-said]")?.textContent);
    listenTo(panel);
  }

  if ($("[data-panel]")) {
    listenTo($("[data-panel]"));
    countDown();
    setInterval(countDown, 1000);
    beat();
    setInterval(beat, BEAT);
    on("visibilitychange", () => { if (!document.hidden) { beat(); look(); } });
    window.addEventListener("focus", look);
    window.addEventListener("pagehide", () => {
      const panel = $("[data-panel]");
      if (panel) navigator.sendBeacon("/panel/presence", signal(panel, { goodbye: "true" }));
    });
  }

  // Start, and again for what htmx brings ---------------------------------------------------------------------------

  function start(root) {
    watch(root);
    if ($("[data-select-row]")) countRows();
    for (const summary of $$(".od-errors[tabindex]", root)) summary.focus();
  }
  // Where the current section of a scrolling row of tabs is out of view, bring it in (sideways only).
  for (const tab of $$(".od-tabs [aria-current]")) {
    const row = tab.closest(".od-tabs");
    row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
  on("htmx:afterSettle", (event) => start(event.target));
  for (const type of ["htmx:responseError", "htmx:sendError"]) on(type, () => say($("#od-live")?.dataset.failed));
  start(document);
  listen();
})();
