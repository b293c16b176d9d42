// The form of a report: saving while typing, more claims, keys, and nothing lost on leaving.
document.addEventListener("DOMContentLoaded", () => {
  const EVERY = 20_000;
  let dirty = false;
  let saving = false;
  let goingTo = null;

  const form = () => document.getElementById("report-form");
  const status = () => document.getElementById("report-status");
  const typing = () => document.activeElement?.closest("input, textarea, select, [contenteditable]");

  // The inputs name their form, so they stand outside it; what belongs to it is asked of the element itself.
  const ours = (element) => form() && element.form === form();

  function changed(event) {
    if (!ours(event.target)) return;
    dirty = true;
    if (event.target.matches("[data-gone]")) event.target.closest(".claim-row").classList.toggle("is-gone", event.target.checked);
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);

  // A conflict waits for the writer's choice: nothing is saved behind it.
  function autosave() {
    if (!form() || !dirty || saving || form().dataset.conflict !== undefined || !window.htmx) return false;
    saving = true;
    dirty = false;
    htmx.trigger(form(), "autosave");
    return true;
  }
  setInterval(autosave, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) autosave();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.requestConfig || event.detail.elt.id !== "report-form") return;
    saving = false;
    if (!event.detail.successful) {
      dirty = true;
      goingTo = null;
    } else if (goingTo) {
      const there = goingTo;
      goingTo = null;
      window.location.assign(there);
    }
  });
  document.addEventListener("htmx:sendError", () => {
    saving = false;
    dirty = true;
    goingTo = null;
    if (status()) status().textContent = form().dataset.offline;
  });

  document.addEventListener("submit", (event) => {
    if (event.target === form()) dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // Going on to another report saves first; if that cannot be, the browser asks.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-leave]");
    if (link && dirty && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      goingTo = link.href;
      if (autosave()) event.preventDefault();
      else goingTo = null;
    }
    const add = event.target.closest("[data-add-claim]");
    if (add) {
      event.preventDefault();
      addClaim();
    }
  });

  function addClaim() {
    const key = `new-${Date.now().toString(36)}`;
    const holder = document.createElement("template");
    holder.innerHTML = document.getElementById("claim-blank").innerHTML.replaceAll("new-KEY", key);
    const row = holder.content.firstElementChild;
    document.getElementById("claim-rows").append(row);
    document.getElementById(`claim-${key}-name`).focus();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && form()) {
      event.preventDefault();
      dirty = true;
      autosave();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing()) return;
    const rel = { j: "next", k: "prev" }[event.key];
    const link = rel && document.querySelector(`a[rel=${rel}]`);
    if (link) link.click();
  });
});
