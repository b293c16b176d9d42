// Keys of the inbox: j and k step, Enter goes to the work, o to the details, x ticks, s marks as seen.
document.addEventListener("DOMContentLoaded", () => {
  const page = document.getElementById("inbox");
  const rows = page ? [...page.querySelectorAll("[data-row]")] : [];
  if (!rows.length) return;
  const form = page.querySelector("form[method=post]");
  const tick = (row) => row.querySelector("input[name=task]");
  const current = () => rows.find((row) => row.classList.contains("is-current"));

  function select(row) {
    if (!row) return;
    for (const other of rows) other.classList.toggle("is-current", other === row);
    row.querySelector("[data-go]").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const at = rows.indexOf(current());
    select(rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]);
  }

  page.querySelector("[data-all]").addEventListener("change", (event) => {
    for (const row of rows) tick(row).checked = event.target.checked;
  });
  page.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) for (const other of rows) other.classList.toggle("is-current", other === row);
  });

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => current()?.querySelector("[data-detail]").click(),
    x: () => { if (current()) tick(current()).checked = !tick(current()).checked; },
    s: () => {
      if (current() && !rows.some((row) => tick(row).checked)) tick(current()).checked = true;
      form.requestSubmit();
    },
    Enter: () => current()?.querySelector("[data-go]").click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !KEYS[event.key]) return;
    const field = event.target.closest("input:not([name=task]), textarea, select, button, a:not([data-go])");
    if (field || (event.key === "Enter" && !current())) return;
    event.preventDefault();
    KEYS[event.key]();
  });
});
