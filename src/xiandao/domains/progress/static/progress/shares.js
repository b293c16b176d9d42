// Adds up the shares while they are typed and says what is left. The server checks the same sum again.
(() => {
  const form = document.querySelector("[data-shares]");
  if (!form) return;
  const total = form.querySelector("[data-total]");
  const remainder = form.querySelector("[data-remainder]");
  const goal = Number(form.dataset.goal);
  const read = (text) => Number(text.normalize("NFKC").replace(/[\s,]/g, "") || 0);
  const show = (value) => String(Math.round(value * 1e6) / 1e6);
  const update = () => {
    const values = [...form.querySelectorAll("[data-share]")].map((input) => read(input.value));
    if (values.some(Number.isNaN)) { total.textContent = "—"; remainder.textContent = ""; return; }
    const sum = values.reduce((a, b) => a + b, 0);
    const rest = Math.round((goal - sum) * 1e6) / 1e6;
    total.textContent = show(sum);
    remainder.textContent = rest === 0 ? form.dataset.exact : `${rest > 0 ? form.dataset.rest : form.dataset.over} ${show(Math.abs(rest))}`;
  };
  form.addEventListener("input", (event) => { if (event.target.matches("[data-share]")) update(); });
  // Two columns of a sheet pasted into a cell fill the cells below.
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-share]");
    const text = event.clipboardData ? event.clipboardData.getData("text") : "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const area = form.querySelector("#paste");
    area.value = text;
    area.closest("details").open = true;
    form.querySelector("[name=take]").click();
  });
  update();
})();
