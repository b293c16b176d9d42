// The review page: selecting items and words, keys, and answers of the server that are no plain success.
document.addEventListener("DOMContentLoaded", () => {
  const page = document.getElementById("import");
  if (!page || !window.htmx) return;
  const source = document.getElementById("source-text");
  const tree = document.getElementById("tree");
  const bar = document.getElementById("selection-bar");
  let scrolled = 0;
  let selected = null; // {start, end, words}: what is selected in the source

  // A refused change (409) and faulty fields (422) come as pieces of the page, to be shown like any other.
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409", swap: true, error: false },
    { code: "422", swap: true, error: false },
    { code: "...", swap: false, error: true },
  ];

  // ---- Items

  const rows = () => [...tree.querySelectorAll(".import-item")];
  const current = () => tree.querySelector(".import-item.is-current");
  const row = (key) => (key ? document.getElementById(`row-${key}`) : null);

  function highlight(item) {
    for (const piece of source.querySelectorAll(".is-hit")) piece.classList.remove("is-hit");
    if (!item || !item.dataset.start) return;
    const start = Number(item.dataset.start);
    const end = Number(item.dataset.end);
    const hits = pieces().filter((piece) => from(piece) < end && from(piece) + length(piece) > start);
    // A whole section is shown by where it begins; its lines would all be lit.
    const lit = item.matches(".is-action, .is-measure") ? hits.slice(0, 1) : hits;
    for (const piece of lit) piece.classList.add("is-hit");
    if (hits.length) reveal(source, hits[0]);
  }

  // Scrolls a pane, never the page around it, so that the eye does not lose its place.
  function reveal(pane, element) {
    const box = pane.getBoundingClientRect();
    const at = element.getBoundingClientRect();
    if (pane.scrollHeight <= pane.clientHeight + 1) {
      element.scrollIntoView({ block: "nearest", behavior: "instant" });
    } else if (at.top < box.top + 8 || at.bottom > box.bottom - 8) {
      pane.scrollTop += at.top - box.top - box.height / 3;
    }
  }

  function select(item, { load = true } = {}) {
    if (!item || item === current() || !mayLeave(current())) return;
    for (const other of tree.querySelectorAll(".import-item.is-current")) {
      other.classList.remove("is-current");
      other.querySelector(".import-link").removeAttribute("aria-current");
      other.querySelector(".import-detail").replaceChildren();
    }
    item.classList.add("is-current");
    item.querySelector(".import-link").setAttribute("aria-current", "true");
    highlight(item);
    reveal(tree, item.querySelector(".import-line"));
    if (load) htmx.ajax("GET", `${page.dataset.items}${item.dataset.key}/?show=${page.dataset.show}`, { target: item.querySelector(".import-detail"), swap: "innerHTML" });
  }

  function dirty(within) {
    return within ? [...within.querySelectorAll("form[data-dirty]")] : [];
  }

  // Asks before words that were typed would be lost.
  function mayLeave(within) {
    const forms = dirty(within);
    if (!forms.length) return true;
    if (!window.confirm(page.dataset.unsaved)) return false;
    for (const form of forms) delete form.dataset.dirty;
    return true;
  }

  tree.addEventListener("click", (event) => {
    const link = event.target.closest(".import-link");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    select(link.closest(".import-item"));
  });

  page.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close) {
      event.preventDefault();
      if (mayLeave(document.getElementById("add-slot"))) document.getElementById("add-slot").replaceChildren();
    }
    const cancel = event.target.closest("[data-cancel]");
    if (cancel) delete cancel.closest("form").dataset.dirty;
    if (event.target.closest("[data-next-unplaced]")) nextUnplaced();
    const go = event.target.closest("[data-goto]");
    if (go) {
      event.preventDefault();
      const piece = pieces().find((p) => from(p) + length(p) > Number(go.dataset.goto));
      if (piece) reveal(source, piece);
    }
    const add = event.target.closest("[data-add-link]");
    if (add) {
      event.preventDefault();
      add.closest("details").open = false;
      openAdd(add.dataset.addLink, selected);
    }
  });
  page.addEventListener("input", (event) => {
    const form = event.target.closest("form.import-form");
    if (form) form.dataset.dirty = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty(page).length) event.preventDefault();
  });

  let unplacedAt = -1;
  function nextUnplaced() {
    const found = [...source.querySelectorAll(".k-unplaced")];
    if (!found.length) return;
    const next = found.find((piece) => from(piece) > unplacedAt) || found[0];
    unplacedAt = from(next);
    for (const piece of source.querySelectorAll(".is-hit")) piece.classList.remove("is-hit");
    next.classList.add("is-hit");
    reveal(source, next);
  }

  function openAdd(kind, place) {
    const slot = document.getElementById("add-slot");
    if (!mayLeave(slot)) return;
    const query = new URLSearchParams({ kind, show: page.dataset.show });
    if (current()) query.set("item", current().dataset.key);
    if (place) {
      query.set("start", place.start);
      query.set("end", place.end);
    }
    htmx.ajax("GET", `${page.dataset.add}?${query}`, { target: slot, swap: "innerHTML" });
  }

  // ---- Source: places are counted in characters as Python counts them, not in UTF-16 units.

  const pieces = () => [...source.querySelectorAll("span[data-s]")];
  const from = (piece) => Number(piece.dataset.s);
  const length = (piece) => [...piece.textContent].length;
  const characters = (text, units) => [...text.slice(0, units)].length;

  source.addEventListener("click", (event) => {
    const piece = event.target.closest("span[data-key]");
    if (!piece || !window.getSelection().isCollapsed) return;
    const item = row(piece.dataset.key);
    if (item) select(item);
    else window.location.search = new URLSearchParams({ show: "all", item: piece.dataset.key }).toString();
  });

  document.addEventListener("selectionchange", () => {
    if (!bar) return;
    const selection = window.getSelection();
    // Typing in a form moves the selection there; what was selected in the source is kept for its button.
    if (selection.rangeCount && !selection.isCollapsed && source.contains(selection.anchorNode)) {
      selected = place(selection.getRangeAt(0));
    } else if (selection.rangeCount && source.contains(selection.anchorNode)) {
      selected = null;
    }
    bar.hidden = !selected;
    if (!selected) return;
    document.getElementById("selection-count").textContent = selected.end - selected.start;
    bar.querySelector("[data-use-selection]").hidden = !openForm();
  });

  function place(range) {
    const touched = pieces().filter((piece) => range.intersectsNode(piece));
    if (!touched.length) return null;
    const first = touched[0];
    const last = touched[touched.length - 1];
    const inFirst = first.contains(range.startContainer) && range.startContainer.nodeType === Node.TEXT_NODE;
    const inLast = last.contains(range.endContainer) && range.endContainer.nodeType === Node.TEXT_NODE;
    const start = from(first) + (inFirst ? characters(first.textContent, range.startOffset) : 0);
    const end = from(last) + (inLast ? characters(last.textContent, range.endOffset) : length(last));
    return start < end ? { start, end, words: range.toString().replace(/\s*\n\s*/g, "") } : null;
  }

  const openForm = () => page.querySelector("form[data-place] [data-quote]") && focusedForm();
  // With several forms open the one written in last takes the selection.
  let lastForm = null;
  page.addEventListener("focusin", (event) => {
    const holder = event.target.closest("fieldset.import-half") || event.target.closest("form[data-place]");
    if (holder) lastForm = holder;
  });
  function focusedForm() {
    if (lastForm && page.contains(lastForm) && lastForm.querySelector("[data-quote]")) return lastForm;
    return page.querySelector("form[data-place] fieldset.import-half") || page.querySelector("form[data-place]:has([data-quote])");
  }

  if (bar) {
    // The button must not take the selection away before it is used.
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      if (!selected) return;
      const add = event.target.closest("[data-add-kind]");
      if (add) openAdd(add.dataset.addKind, selected);
      if (event.target.closest("[data-use-selection]")) useSelection(focusedForm());
    });
  }

  function useSelection(form) {
    if (!form || !selected) return;
    const set = (name, value) => {
      const field = form.querySelector(`[name$="${name}"]`);
      if (field) field.value = value;
    };
    form.querySelector("[data-quote]").value = selected.words;
    set("start", selected.start);
    set("end", selected.end);
    form.closest("form").dataset.dirty = "1";
    selected = null;
    bar.hidden = true;
    window.getSelection().removeAllRanges();
    form.querySelector("[data-quote]").focus();
  }

  // ---- Keys

  const OPERATIONS = { a: "accept", A: "branch", e: "edit", x: "reject", s: "split", m: "merge" };

  // Keys pressed while the answer to the one before is under way wait for it: a quick clerk loses none.
  const waiting = [];
  let changing = false;
  document.body.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.target === tree) changing = true;
  });
  for (const end of ["htmx:afterSettle", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(end, (event) => {
      if (end === "htmx:afterSettle" && event.detail.target !== tree && !event.detail.target.matches(".import-detail")) return;
      if (event.detail.target === tree || end !== "htmx:afterSettle") changing = false;
      if (end !== "htmx:afterSettle") waiting.length = 0;
      else if (!changing && waiting.length) press(waiting.shift());
    });
  }

  function press(operation) {
    const item = current();
    if (changing || (item && !item.querySelector(".import-detail").firstElementChild)) {
      waiting.push(operation);
      return;
    }
    const button = item && item.querySelector(`.import-detail [data-op=${operation}], .import-line [data-op=${operation}]`);
    if (button) button.click();
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    select(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.closest(".import-form")) {
      event.target.closest(".import-form").querySelector("[data-cancel], [data-close]").click();
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "u") page.querySelector("[data-op=undo]:not([disabled])")?.click();
    else if (OPERATIONS[event.key] && page.dataset.writable) press(OPERATIONS[event.key]);
    else return;
    event.preventDefault();
  });

  // ---- Answers

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form.import-form");
    const target = event.detail.target;
    // A form being sent is not lost; any other form that the answer would replace is asked about.
    const lost = dirty(page).filter((f) => f !== form && target && (target.contains(f) || target === tree));
    if (lost.length && !window.confirm(page.dataset.unsaved)) event.preventDefault();
    else for (const other of lost) delete other.dataset.dirty;
    if (form && !event.defaultPrevented) for (const button of form.querySelectorAll("button")) button.disabled = true;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form.import-form");
    if (form) for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, () => {
      const note = document.createElement("div");
      note.className = "alert alert-danger";
      note.setAttribute("role", "alert");
      note.textContent = page.dataset.offline;
      document.getElementById("import-alert").replaceChildren(note);
    });
  }
  // While she steps on quickly, what was asked for an item left behind is not shown there.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (target === tree) scrolled = window.scrollY;
    if (target && target.matches(".import-detail") && target.closest(".import-item") !== current()) event.detail.shouldSwap = false;
  });
  // While the tree is empty the page is short; what was scrolled to must stay where it was.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === tree) window.scrollTo({ top: scrolled, behavior: "instant" });
  });
  // Only once settled do the new rows have their own classes.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === tree) {
      highlight(current());
      if (current()) reveal(tree, current().querySelector(".import-line"));
      // The button pressed is gone: the keyboard goes on from the current item.
      if (document.activeElement === document.body) current()?.querySelector(".import-link").focus({ preventScroll: true });
      document.getElementById("import-alert").firstElementChild?.scrollIntoView({ block: "nearest" });
    } else if (event.detail.target.matches(".import-detail, #add-slot")) {
      const form = event.detail.target.querySelector("form.import-form");
      const field = form && (form.querySelector(".is-invalid, [aria-invalid=true]") || form.querySelector("input:not([type=hidden]), textarea, select"));
      if (field) field.focus({ preventScroll: true });
      const line = form && event.detail.target.parentElement.querySelector(".import-line");
      if (line && tree.scrollHeight > tree.clientHeight + 1) tree.scrollTop += line.getBoundingClientRect().top - tree.getBoundingClientRect().top;
      if (form) lastForm = form.querySelector("fieldset.import-half") || form;
      if (form && event.detail.xhr.status >= 400) form.dataset.dirty = "1";
    }
  });

  highlight(current());
  if (current()) reveal(tree, current().querySelector(".import-line"));
});
