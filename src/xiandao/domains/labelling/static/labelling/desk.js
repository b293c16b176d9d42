// The review desk by keyboard: a letter chooses an industry, a digit its role, Enter saves. The form works without it.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("judge");
  const undo = document.getElementById("judge-undo");
  if (!form) {
    document.addEventListener("keydown", (event) => {
      if (undo && event.key.toLowerCase() === "u" && !event.ctrlKey && !event.metaKey && !event.altKey) undo.requestSubmit();
    });
    return;
  }
  const desk = document.getElementById("desk");
  const settles = form.dataset.settles !== undefined;
  const rows = [...form.querySelectorAll(".judge-row")];
  const others = document.getElementById("judge-others");
  const find = document.getElementById("judge-find");
  const none = document.getElementById("judge-none");
  const note = document.getElementById("judge-note");
  const doubtful = document.getElementById("judge-doubtful");
  const help = document.getElementById("judge-help");
  const ROLES = { 1: "core", 2: "service", 3: "trade", 4: "mention", 0: "none" };
  let chosen = null;
  let sent = false;

  function choose(row, { focus = true } = {}) {
    if (!row) return;
    if (chosen) chosen.classList.remove("is-chosen");
    chosen = row;
    row.hidden = false;
    row.classList.add("is-chosen");
    if (others && others.contains(row)) others.open = true;
    const checked = row.querySelector("input:checked") || row.querySelector("input");
    if (focus && checked) checked.focus({ preventScroll: false });
  }

  const main = () => rows.filter((row) => !others || !others.contains(row));
  const open = () => main().find((row) => !row.querySelector("input:checked"));

  function say(role) {
    const row = chosen || open() || main()[0];
    if (!row) return;
    const input = row.querySelector(`input[value="${role}"]`);
    input.checked = true;
    row.classList.remove("is-missing");
    keep();
    choose(open() || row);
  }

  function nothing() {
    for (const row of rows) {
      const input = row.querySelector('input[value="none"]');
      if (main().includes(row)) input.checked = true;
      else for (const each of row.querySelectorAll("input")) each.checked = false;
      row.classList.remove("is-missing");
    }
    keep();
  }

  // What was chosen and not yet saved is kept in this browser until it is.
  const key = desk && !desk.dataset.judged ? desk.dataset.key : "";
  function keep() {
    if (!key) return;
    const said = Object.fromEntries([...form.querySelectorAll(".judge-row input:checked")].map((input) => [input.name, input.value]));
    sessionStorage.setItem(key, JSON.stringify({ said, note: note?.value, doubtful: doubtful?.checked }));
  }
  function restore() {
    const kept = key && sessionStorage.getItem(key);
    if (!kept) return;
    const { said, note: words, doubtful: doubt } = JSON.parse(kept);
    for (const [name, value] of Object.entries(said)) {
      const input = [...form.elements].find((each) => each.name === name && each.value === value);
      if (input) {
        input.checked = true;
        if (others && others.contains(input)) others.open = true;
      }
    }
    if (note && words && !note.value) note.value = words;
    if (doubtful && doubt) doubtful.checked = true;
  }

  form.addEventListener("change", (event) => {
    const row = event.target.closest(".judge-row");
    if (row) {
      row.classList.remove("is-missing");
      choose(row, { focus: false });
    }
    keep();
  });
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    const skips = event.submitter && event.submitter.value === "skip";
    const missing = skips || settles ? [] : main().filter((row) => !row.querySelector("input:checked"));
    for (const row of missing) row.classList.add("is-missing");
    if (missing.length) {
      event.preventDefault();
      choose(missing[0]);
      return;
    }
    sent = true;
    if (key) sessionStorage.removeItem(key);
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });

  if (none) {
    none.hidden = false;
    none.addEventListener("click", nothing);
  }
  if (find) {
    find.hidden = false;
    find.addEventListener("input", () => {
      for (const row of rows.filter((each) => others.contains(each))) row.hidden = !row.dataset.name.includes(find.value.trim());
    });
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        choose(rows.find((row) => others.contains(row) && !row.hidden));
      }
      if (event.key === "Escape") choose(main()[0]);
    });
  }

  const KEYS = {
    n: nothing,
    d: () => {
      if (doubtful) doubtful.checked = !doubtful.checked;
      keep();
    },
    m: () => note?.focus(),
    u: () => undo && document.getElementById("judge-undo-button") && undo.requestSubmit(),
    j: () => document.getElementById("judge-later")?.click(),
    k: () => document.getElementById("judge-earlier")?.click(),
    "/": () => {
      if (!others) return;
      others.open = true;
      find?.focus();
    },
    "?": () => {
      if (!help) return;
      help.open = !help.open;
      if (help.open) help.scrollIntoView({ block: "nearest" });
    },
    "？": () => KEYS["?"](),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.target;
    const writing = at.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (writing) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (!form.contains(at) && at.matches("a, button, summary, input")) return;
    if (event.key === "Enter") {
      if (at.matches("a, button, summary") || settles) return;
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (settles && !(event.key in ROLES)) return;
    const pressed = event.key.toLowerCase();
    if (event.key in ROLES) say(ROLES[event.key]);
    else if (pressed in KEYS) KEYS[pressed]();
    else {
      const row = rows.find((each) => each.dataset.letter && each.dataset.letter === pressed);
      if (!row) return;
      choose(row);
    }
    event.preventDefault();
  });

  restore();
  if (!settles) choose(open() || main()[0]);
});
