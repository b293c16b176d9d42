// The clock of a session: warns before it ends, keeps the page and its forms when it has ended.
(() => {
  const dialog = document.getElementById("session-dialog");
  if (!dialog) return;
  const address = dialog.dataset.url;
  const warn = Number(dialog.dataset.warn);
  const [warning, over] = [dialog.querySelector("[data-warning]"), dialog.querySelector("[data-over]")];
  const rest = dialog.querySelector("[data-rest]");
  let ends = Date.now() + Number(dialog.dataset.seconds) * 1000;
  let ended = false;
  let asking = false;

  const show = (part) => {
    warning.hidden = part !== warning;
    over.hidden = part !== over;
    if (!dialog.open) dialog.showModal();
  };
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const renew = (csrf) => {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": csrf }));
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = csrf;
  };
  const ask = async (method) => {
    if (asking) return;
    asking = true;
    try {
      const headers = method === "POST" ? { "X-CSRFToken": token() } : {};
      const answer = await fetch(address, { method, headers, credentials: "same-origin" });
      if (!answer.ok) return;
      const state = await answer.json();
      ended = !state.signed_in;
      ends = Date.now() + state.seconds * 1000;
      if (state.signed_in) {
        renew(state.csrf);
        if (dialog.open && state.seconds > warn) dialog.close();
      } else {
        show(over);
      }
    } catch {
      // Without the network nothing can be said; the next tick asks again.
    } finally {
      asking = false;
    }
  };
  const tick = () => {
    if (ended) return;
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left > warn) return;
    // Another window may have been at work meanwhile: the server knows.
    if (!dialog.open || left <= 0) ask("GET").then(() => {
      if (!ended && (ends - Date.now()) / 1000 <= warn) show(warning);
    });
    rest.textContent = String(Math.max(left, 0));
  };
  dialog.querySelector("[data-stay]").addEventListener("click", () => ask("POST"));
  dialog.querySelector("[data-again]").addEventListener("click", () => ask("GET"));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // Signed in again in another window: this page goes on where it stood.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && (ended || dialog.open)) ask("GET"); });
  document.body.addEventListener("htmx:afterRequest", () => { ends = Math.max(ends, Date.now() + Number(dialog.dataset.seconds) * 1000); });
  setInterval(tick, 1000);
})();
