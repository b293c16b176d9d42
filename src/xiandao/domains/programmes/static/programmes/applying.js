// The form of an application: saving while typing, rows added and pasted, parts shown where they are asked for.
document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 1500;
  let dirty = false;
  let saving = false;
  let timer = null;
  let made = 0;
  const form = () => document.getElementById("application-form");
  const status = () => document.getElementById("application-status");
  const ours = (element) => form() && element.form === form();

  function autosave() {
    if (!form() || !dirty || saving || form().dataset.conflict !== undefined || !window.htmx) return;
    saving = true;
    dirty = false;
    htmx.trigger(form(), "autosave");
  }
  function later() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(autosave, PAUSE);
  }
  for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => ours(event.target) && later());
  document.addEventListener("visibilitychange", () => document.hidden && autosave());

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "application-form") return;
    saving = false;
    if (!event.detail.successful) {
      dirty = true;
      return;
    }
    const state = document.getElementById("form-state");
    if (!state) return;
    document.getElementById("application-revision").value = state.dataset.revision;
    const hidden = new Set(state.dataset.hidden.split(" "));
    for (const part of document.querySelectorAll(".apply-field[id], section[id^=section-]")) part.hidden = hidden.has(part.id);
    if (dirty) later();
  });
  document.addEventListener("htmx:sendError", () => {
    saving = false;
    dirty = true;
    if (status()) status().textContent = form().dataset.offline;
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form()) dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  function addRow(key) {
    const blank = document.querySelector(`template[data-blank-row="${key}"]`);
    const body = document.querySelector(`table[data-rows="${key}"] tbody`);
    made += 1;
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("NUMBER", `n${made}`);
    const row = holder.content.firstElementChild;
    body.append(row);
    return row;
  }
  const cells = (row) => [...row.querySelectorAll("input:not([type=hidden]), select")];

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) cells(addRow(add.dataset.addRow))[0].focus();
    const drop = event.target.closest("[data-drop-row]");
    if (drop) {
      drop.closest("tr").remove();
      later();
    }
  });

  // Rows copied from a spreadsheet: tabs between cells, line breaks between rows.
  document.addEventListener("paste", (event) => {
    const table = event.target.closest?.("table[data-rows]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!table || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    let row = event.target.closest("tr");
    const first = cells(row).indexOf(event.target);
    for (const line of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      row ??= addRow(table.dataset.rows);
      const places = cells(row).slice(first);
      line.split("\t").forEach((value, n) => places[n] && put(places[n], value.trim()));
      row = row.nextElementSibling;
    }
    later();
  });
  function put(place, value) {
    if (place.tagName !== "SELECT") {
      place.value = value;
      return;
    }
    const fits = [...place.options].find((option) => option.textContent.trim() === value || option.value === value);
    if (fits) place.value = fits.value;
  }
});
