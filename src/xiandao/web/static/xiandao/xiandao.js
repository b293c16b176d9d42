// The shell's few behaviours: print buttons and filters that apply when a choice changes.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("change", (event) => {
  const select = event.target.closest(".filter-bar select");
  if (select) select.form.requestSubmit();
});
// A form that was refused (409, 422) comes back with the reason: its block on the page is replaced by the answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if ((xhr.status === 409 || xhr.status === 422) && target.closest("[data-files], [data-answers]")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
